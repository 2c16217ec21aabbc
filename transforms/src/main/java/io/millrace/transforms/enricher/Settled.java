package io.millrace.transforms.enricher;

import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.jspecify.annotations.Nullable;

/**
 * An element of which it is known what becomes of it, and the pane that it came in, which the end of a bundle cannot output to.
 *
 * @param enriched the element with its answer, or null
 * @param failed the element that has none, or null
 */
record Settled<InputT, ValueT>(
        @Nullable Enriched<InputT, ValueT> enriched,
        @Nullable Unenriched<InputT> failed,
        PaneInfo pane) {}
