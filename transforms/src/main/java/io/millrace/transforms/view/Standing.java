package io.millrace.transforms.view;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an item since a version.
 *
 * @param version since when
 * @param kind what is known, and from whom
 * @param value what the item is; null where it is not there
 * @param sinceMillis when that became known of an item that is not there, by the clock; 0 of one that is there
 */
@SuppressWarnings("ArrayRecordComponent") // compared by outranks and isLike alone
record Standing(long version, Kind kind, byte @Nullable [] value, long sinceMillis) {

    /** Of one version the last of these counts: an event more than a publish, and a removal more than an addition. */
    enum Kind {
        ABSENT,
        PUBLISHED,
        ADDED,
        REMOVED
    }

    static Standing added(long version, byte[] value) {
        return new Standing(version, Kind.ADDED, value, 0);
    }

    static Standing published(long version, byte[] value) {
        return new Standing(version, Kind.PUBLISHED, value, 0);
    }

    static Standing removed(long version, long nowMillis) {
        return new Standing(version, Kind.REMOVED, null, nowMillis);
    }

    static Standing absent(long version, long nowMillis) {
        return new Standing(version, Kind.ABSENT, null, nowMillis);
    }

    boolean isThere() {
        return value != null;
    }

    /** Whether this counts and the other does not, in whatever order they came. */
    boolean outranks(Standing other) {
        if (version != other.version) {
            return version > other.version;
        }
        if (kind != other.kind) {
            return kind.compareTo(other.kind) > 0;
        }
        return isThere() && Arrays.compareUnsigned(value, other.value) > 0;
    }

    /** Whether the item is the same by both. */
    boolean isLike(Standing other) {
        return Arrays.equals(value, other.value);
    }
}
