/**
 * A real lookup service for tests and measurements, of what each profile has played:
 * {@link io.millrace.testfixtures.history.HistoryService} is one that a test owns,
 * {@link io.millrace.testfixtures.history.HistoryRule} lends every test of a JVM the same one.
 *
 * <p>A {@link io.millrace.testfixtures.history.Behaviour} makes it slow, wrong, silent or gone while it runs;
 * {@link io.millrace.testfixtures.history.Histories} says what it knows, and each
 * {@link io.millrace.testfixtures.history.Call} what it was asked and what it did.
 */
@NullMarked
package io.millrace.testfixtures.history;

import org.jspecify.annotations.NullMarked;
