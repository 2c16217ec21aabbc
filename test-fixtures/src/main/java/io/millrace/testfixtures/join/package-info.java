/** Random stories of two streams, and what a join must make of them, by brute force. */
@NullMarked
package io.millrace.testfixtures.join;

import org.jspecify.annotations.NullMarked;
