/** JavaScript, run by GraalJS. */
@NullMarked
package io.millrace.transforms.script.graaljs;

import org.jspecify.annotations.NullMarked;
