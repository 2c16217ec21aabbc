/**
 * The configurable router as a pipeline: patterns 1.1 and 1.2.
 *
 * <p>{@link io.millrace.pipelines.router.RouterPipeline} is assembled from what a spec says: a source, the routes, their sinks, and
 * one sink for what could not be processed. {@link io.millrace.pipelines.router.RouterJob} makes one job of it, for one route or for all.
 * {@code RouterOnFlinkIT} shows the routes of one spec side by side.
 */
@NullMarked
package io.millrace.pipelines.router;

import org.jspecify.annotations.NullMarked;
