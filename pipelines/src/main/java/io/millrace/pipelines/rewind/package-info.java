/** Points of time to which a job can be taken back: which there are, and who keeps them. */
@NullMarked
package io.millrace.pipelines.rewind;

import org.jspecify.annotations.NullMarked;
