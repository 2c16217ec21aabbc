package io.millrace.pipelines.router;

import io.millrace.io.sink.Held;
import io.millrace.io.sink.HeldCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/**
 * Things of one key, of which the number and one of them are kept.
 *
 * @param count how many there are, without those that a reader drops
 * @param dropped how many a reader drops
 * @param newest the one of the highest version; of those the first by name
 */
record Pile(long count, long dropped, @Nullable Held newest) {
    static final Pile NONE = new Pile(0, 0, null);
    static final Coder<Pile> CODER = new PileCoder();

    /** One thing. */
    static Pile of(Held held) {
        boolean dropped = held.sight() == Held.Sight.DROPPED;
        return new Pile(dropped ? 0 : 1, dropped ? 1 : 0, held);
    }

    /** One thing that a sink holds: of a deletion nothing is there but its version. */
    static Pile ofHeld(Held held) {
        return held.sight() == Held.Sight.DELETED ? new Pile(0, 0, held) : of(held);
    }

    boolean isEmpty() {
        return newest == null;
    }

    /** How many there are, with those that a reader drops. */
    long all() {
        return count + dropped;
    }

    /** The highest version; lower than any where there is none. */
    long version() {
        return newest == null ? Long.MIN_VALUE : newest.version();
    }

    /** What a person is told of one of them. */
    String name() {
        return newest == null ? "" : newest.name();
    }

    Pile and(Pile other) {
        return new Pile(count + other.count, dropped + other.dropped, newer(newest, other.newest));
    }

    /** Both, where a reader drops what is of a lower version. */
    Pile overtaking(Pile other) {
        if (version() == other.version()) {
            return and(other);
        }
        Pile newer = version() > other.version() ? this : other;
        Pile older = newer == this ? other : this;
        return new Pile(newer.count, newer.dropped + older.all(), newer.newest);
    }

    private static @Nullable Held newer(@Nullable Held one, @Nullable Held other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        int order = Long.compare(one.version(), other.version());
        if (order == 0) {
            order = other.name().compareTo(one.name());
        }
        return order >= 0 ? one : other;
    }

    private static final class PileCoder extends AtomicCoder<Pile> {
        private static final long serialVersionUID = 1;
        private static final Coder<@Nullable Held> NEWEST = NullableCoder.of(HeldCoder.of());

        @Override
        public void encode(Pile pile, OutputStream out) throws IOException {
            VarInt.encode(pile.count, out);
            VarInt.encode(pile.dropped, out);
            NEWEST.encode(pile.newest, out);
        }

        @Override
        public Pile decode(InputStream in) throws IOException {
            return new Pile(VarInt.decodeLong(in), VarInt.decodeLong(in), NEWEST.decode(in));
        }
    }
}
