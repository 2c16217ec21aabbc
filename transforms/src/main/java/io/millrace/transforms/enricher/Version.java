package io.millrace.transforms.enricher;

import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/**
 * A value of a key, or that there is none, from a moment on.
 *
 * @param since from when on
 * @param value the value; null where the key was deleted
 * @param knownFrom the earliest time as of which it is known what the key's value was; versions before that are forgotten
 */
record Version<ValueT>(Moment since, @Nullable ValueT value, long knownFrom) {
    /** No version is forgotten. */
    static final long EVER = Long.MIN_VALUE;

    /** What a change says, with nothing forgotten before it. */
    static <ValueT> Version<ValueT> of(long time, Change<ValueT> change) {
        return of(new Moment(time, change.sequence()), change);
    }

    static <ValueT> Version<ValueT> of(Moment since, Change<ValueT> change) {
        return new Version<>(since, change.value(), EVER);
    }

    /** The change that it came with. */
    Change<ValueT> change() {
        return new Change<>(value, since.sequence());
    }

    /** The same, with this known. */
    Version<ValueT> knownFrom(long time) {
        return new Version<>(since, value, time);
    }

    static <ValueT> Coder<Version<ValueT>> coder(Coder<@Nullable ValueT> value) {
        return new VersionCoder<>(value);
    }

    private static final class VersionCoder<ValueT> extends StructuredCoder<Version<ValueT>> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        private final Coder<@Nullable ValueT> value;

        VersionCoder(Coder<@Nullable ValueT> value) {
            this.value = value;
        }

        @Override
        public void encode(Version<ValueT> version, OutputStream out) throws IOException {
            out.write(VERSION);
            VarInt.encode(version.since.time(), out);
            VarInt.encode(version.since.sequence(), out);
            VarInt.encode(version.knownFrom, out);
            value.encode(version.value, out);
        }

        @Override
        public Version<ValueT> decode(InputStream in) throws IOException {
            Versioned.read("version", VERSION, in);
            Moment since = new Moment(VarInt.decodeLong(in), VarInt.decodeLong(in));
            long knownFrom = VarInt.decodeLong(in);
            return new Version<>(since, value.decode(in), knownFrom);
        }

        @Override
        public List<? extends Coder<?>> getCoderArguments() {
            return List.of(value);
        }

        @Override
        public void verifyDeterministic() throws NonDeterministicException {
            verifyDeterministic(this, "the value's coder must be deterministic", value);
        }
    }
}
