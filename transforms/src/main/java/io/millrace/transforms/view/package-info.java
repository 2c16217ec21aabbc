/**
 * A view of what keys are, kept up to date from events and put right by full publishes: {@link io.millrace.transforms.view.Materialize} tells what has
 * changed, for a cache or a table that others read, and tells it again when that was lost.
 */
@NullMarked
package io.millrace.transforms.view;

import org.jspecify.annotations.NullMarked;
