/**
 * The main of the history service's own JVM; {@code io.millrace.testfixtures.history} starts and uses it.
 *
 * <p>Its libraries are those of the module {@code history-server}, and no others that this module has.
 */
@NullMarked
package io.millrace.testfixtures.historyserver;

import org.jspecify.annotations.NullMarked;
