/**
 * Elements that are light on their way, and get what they need to be useful by a lookup: {@link io.millrace.transforms.enricher.Enrich}
 * asks a service or a store for their keys, many at a time and never more than it bears; {@link
 * io.millrace.transforms.enricher.EnrichFromTable} looks into a table that each process holds, and {@link
 * io.millrace.transforms.enricher.EnrichFromView} into one that the pipeline computes; {@link
 * io.millrace.transforms.enricher.EnrichAsOf} follows a changelog, and gives each element the value as of its own time.
 */
@NullMarked
package io.millrace.transforms.enricher;

import org.jspecify.annotations.NullMarked;
