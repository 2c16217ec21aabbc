/**
 * A reader of EVCache, Netflix's own client in a JVM of its own: {@link io.millrace.testfixtures.evcache.EvCacheReader}.
 */
@NullMarked
package io.millrace.testfixtures.evcache;

import org.jspecify.annotations.NullMarked;
