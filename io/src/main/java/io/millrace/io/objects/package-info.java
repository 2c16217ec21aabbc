/**
 * How results become objects in a folder, on any of Beam's file systems, so that each result is there once.
 *
 * <p>{@link io.millrace.io.objects.WriteObjects} gathers events by window and shard, or by shard alone, and writes whole objects
 * of JSON Lines. An object's name says what is in it, never when or by which attempt it was written, so what is written again
 * after a failure replaces itself. Beside each object stands a manifest that says what the object holds; an object without one
 * does not count. What one run's objects mean for those of another is decided in one place and told in
 * {@code docs/decisions/006-objects-and-manifests.md}.
 *
 * <p>{@code WriteObjectsTest} shows the whole of it.
 */
@NullMarked
package io.millrace.io.objects;

import org.jspecify.annotations.NullMarked;
