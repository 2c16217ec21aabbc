/** Any language that has an engine for {@code javax.script} (JSR 223) on the class path. */
@NullMarked
package io.millrace.transforms.script.jsr223;

import org.jspecify.annotations.NullMarked;
