/**
 * Tables of JSON rows that each process of a job holds: {@link io.millrace.io.table.JsonTable} has the row of each key, from where a {@link
 * io.millrace.io.table.RowPlace} finds them: a file, an object of S3, an answer of HTTP, a table of a database.
 */
@NullMarked
package io.millrace.io.table;

import org.jspecify.annotations.NullMarked;
