/**
 * A real S3 server for tests: {@link io.millrace.testfixtures.s3.S3Server} is one that a test owns,
 * {@link io.millrace.testfixtures.s3.S3Rule} lends every test of a JVM the same one, with names of its own.
 */
@NullMarked
package io.millrace.testfixtures.s3;

import org.jspecify.annotations.NullMarked;
