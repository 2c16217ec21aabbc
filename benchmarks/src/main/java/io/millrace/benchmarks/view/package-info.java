/** What is claimed of views: how soon a change is in a cache, how many keys are written a second, and what losses and full publishes do to that. */
@NullMarked
package io.millrace.benchmarks.view;

import org.jspecify.annotations.NullMarked;
