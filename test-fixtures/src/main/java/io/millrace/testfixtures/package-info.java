/**
 * What tests of streams are built from: timelines that read like the domain, waiting for a condition instead of
 * for a time, and the architecture rules that every module applies to itself.
 *
 * <p>Real servers live next door: {@link io.millrace.testfixtures.kafka}, {@link io.millrace.testfixtures.flink},
 * {@link io.millrace.testfixtures.elasticsearch}, {@link io.millrace.testfixtures.s3} and the lookup service
 * {@link io.millrace.testfixtures.history}, on top of {@link io.millrace.testfixtures.server}; input comes from
 * {@link io.millrace.testfixtures.events}.
 */
@NullMarked
package io.millrace.testfixtures;

import org.jspecify.annotations.NullMarked;
