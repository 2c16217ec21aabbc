/**
 * Events in files of JSON Lines: read from a file, a glob or a folder, and written by window and shard.
 *
 * <p>{@link io.millrace.io.files.FileEvents} is the door. What it writes is written by {@link io.millrace.io.objects}, so a plain
 * glob over the folder gives the results; {@code FileEventsTest} shows a round trip. {@link io.millrace.io.files.FilePublish} is all that a
 * view should hold, in such files; {@code FilePublishTest} shows it.
 */
@NullMarked
package io.millrace.io.files;

import org.jspecify.annotations.NullMarked;
