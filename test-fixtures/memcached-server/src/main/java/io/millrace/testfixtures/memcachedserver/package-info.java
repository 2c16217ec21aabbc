/** What runs in the process of a memcached server. */
@NullMarked
package io.millrace.testfixtures.memcachedserver;

import org.jspecify.annotations.NullMarked;
