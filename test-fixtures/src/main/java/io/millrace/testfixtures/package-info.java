/**
 * What tests of streams are built from: timelines that read like the domain, waiting for a condition instead of
 * for a time, and the architecture rules that every module applies to itself.
 *
 * <p>Real servers live next door: {@link io.millrace.testfixtures.kafka} and {@link io.millrace.testfixtures.flink},
 * on top of {@link io.millrace.testfixtures.server}; input comes from {@link io.millrace.testfixtures.events}.
 */
@NullMarked
package io.millrace.testfixtures;

import org.jspecify.annotations.NullMarked;
