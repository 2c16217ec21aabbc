/**
 * A real memcached server for tests: {@link io.millrace.testfixtures.memcached.MemcachedNode} is one that a test owns,
 * {@link io.millrace.testfixtures.memcached.MemcachedRule} lends every test of a JVM the same one.
 */
@NullMarked
package io.millrace.testfixtures.memcached;

import org.jspecify.annotations.NullMarked;
