/** Events as lines on standard output, for people and for what they pipe it into. */
@NullMarked
package io.millrace.io.console;

import org.jspecify.annotations.NullMarked;
