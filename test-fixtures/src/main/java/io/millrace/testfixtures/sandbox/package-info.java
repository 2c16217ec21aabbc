/** The servers of this module for a person to try things with: {@link io.millrace.testfixtures.sandbox.Sandbox}. */
@NullMarked
package io.millrace.testfixtures.sandbox;

import org.jspecify.annotations.NullMarked;
