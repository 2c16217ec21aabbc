/** What a rerun changes of what was published: only what corrects it. */
@NullMarked
package io.millrace.transforms.restate;

import org.jspecify.annotations.NullMarked;
