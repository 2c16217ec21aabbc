/** Views of a spec: what they are made of, the documents that routes get, and what is asked of them while they run. */
@NullMarked
package io.millrace.pipelines.view;

import org.jspecify.annotations.NullMarked;
