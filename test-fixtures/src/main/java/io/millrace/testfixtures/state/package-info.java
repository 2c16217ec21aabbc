/** State and timers of one key in memory, for tests of the classes that decide what to keep, and which look into it. */
@NullMarked
package io.millrace.testfixtures.state;

import org.jspecify.annotations.NullMarked;
