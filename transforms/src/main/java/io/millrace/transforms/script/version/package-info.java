/**
 * Versions of a script that change while a job runs: control records in a log, and from which event time on each version counts.
 *
 * <p>{@link io.millrace.transforms.script.version.VersionBook} decides, {@link io.millrace.transforms.script.version.VersionWatch} reads
 * the log for all tasks of a process, and {@link io.millrace.transforms.script.version.ControlLog} is the port behind which a log is kept.
 * {@code ScriptVersionsTest} of {@code io} shows what becomes of events.
 */
@NullMarked
package io.millrace.transforms.script.version;

import org.jspecify.annotations.NullMarked;
