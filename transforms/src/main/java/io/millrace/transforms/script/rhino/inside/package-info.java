/** What uses Rhino: loaded by {@link io.millrace.transforms.script.rhino.WovenLoader}, as Rhino is. */
@NullMarked
package io.millrace.transforms.script.rhino.inside;

import org.jspecify.annotations.NullMarked;
