/**
 * Events into objects of S3, over Beam's file system for it.
 *
 * <p>{@link io.millrace.io.s3.S3Events} writes them as {@link io.millrace.io.objects.WriteObjects} does in any folder, and
 * {@link io.millrace.io.s3.S3Settings} says where S3 is. {@code S3WriteTest} shows it.
 */
@NullMarked
package io.millrace.io.s3;

import org.jspecify.annotations.NullMarked;
