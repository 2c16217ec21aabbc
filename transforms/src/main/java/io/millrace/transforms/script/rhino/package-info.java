/** JavaScript, run by Rhino. */
@NullMarked
package io.millrace.transforms.script.rhino;

import org.jspecify.annotations.NullMarked;
