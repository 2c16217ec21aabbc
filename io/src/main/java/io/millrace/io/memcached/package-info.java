/**
 * Lookups in memcached: {@link io.millrace.io.memcached.MemcachedLookup} says in which servers, and what a value is.
 * {@code MemcachedLookupTest} shows it. And servers that hold a view: {@link io.millrace.io.memcached.MemcachedZone}.
 */
@NullMarked
package io.millrace.io.memcached;

import org.jspecify.annotations.NullMarked;
