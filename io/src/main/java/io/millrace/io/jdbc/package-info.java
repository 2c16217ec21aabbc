/**
 * Lookups in databases: {@link io.millrace.io.jdbc.JdbcLookup} says in which table, and what a row becomes. {@code JdbcLookupTest} shows
 * it.
 */
@NullMarked
package io.millrace.io.jdbc;

import org.jspecify.annotations.NullMarked;
