/**
 * Events as lines on standard output, for people and for what they pipe it into.
 *
 * <p>{@link io.millrace.io.console.ConsoleEvents} is the door; {@code ConsoleEventsTest} shows what is printed and what is not.
 */
@NullMarked
package io.millrace.io.console;

import org.jspecify.annotations.NullMarked;
