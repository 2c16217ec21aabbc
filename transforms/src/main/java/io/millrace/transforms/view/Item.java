package io.millrace.transforms.view;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * An item of a key.
 *
 * @param name its name, encoded
 * @param standing what is known of it; null where it was only in a publish that is not complete
 * @param generation the last publish that it was in; 0 where it was in none
 * @param published what it is by that one, until this is complete; null where that makes no difference
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record Item(byte[] name, @Nullable Standing standing, long generation, byte @Nullable [] published) {

    Item(byte[] name, @Nullable Standing standing) {
        this(name, standing, 0, null);
    }

    /** What it is; null where it is not there. */
    byte @Nullable [] value() {
        return standing == null ? null : standing.value();
    }

    /** Whether it is known that it is not there. */
    boolean isRemoved() {
        return standing != null && !standing.isThere();
    }

    /** The same, whatever becomes of what is known of it. */
    Item keepingPublished() {
        return generation == 0 || published != null ? this : new Item(name, standing, generation, value());
    }

    /** What it is since the version of the publish that it was in. */
    Standing published(long version) {
        return Standing.published(version, requireNonNull(keepingPublished().published()));
    }

    Item with(@Nullable Standing standing) {
        return new Item(name, standing, generation, published);
    }
}
