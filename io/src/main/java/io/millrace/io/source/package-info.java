/** What every source of events has in common: what it gives, and how events get their times. */
@NullMarked
package io.millrace.io.source;

import org.jspecify.annotations.NullMarked;
