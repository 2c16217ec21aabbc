/**
 * Results that were published and have been made again: {@link io.millrace.transforms.restate.Restate} says what has to be added, changed and
 * removed, and nothing of what was right.
 */
@NullMarked
package io.millrace.transforms.restate;

import org.jspecify.annotations.NullMarked;
