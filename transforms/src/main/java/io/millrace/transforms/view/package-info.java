/**
 * A view that is kept up to date from events, and put right by full publishes: {@link io.millrace.transforms.view.FullPublish} is where such a
 * publish comes from.
 */
@NullMarked
package io.millrace.transforms.view;

import org.jspecify.annotations.NullMarked;
