/**
 * Events into EVCache, Netflix's memcached in several zones: {@link io.millrace.io.evcache.EvCacheView} writes them so that Netflix's own
 * client reads them. {@code EvCacheWriteTest} shows it.
 */
@NullMarked
package io.millrace.io.evcache;

import org.jspecify.annotations.NullMarked;
