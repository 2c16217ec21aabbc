/** The port of script engines: what a language has to offer so that its scripts can be run. */
@NullMarked
package io.millrace.transforms.script.engine;

import org.jspecify.annotations.NullMarked;
