package io.millrace.io.objects;

import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/**
 * Which offsets results came from: of each partition of each stream the first, the last and the number of results.
 *
 * <p>Immutable.
 */
final class Offsets {
    static final StateCoder<Offsets> CODER = new OffsetsCoder();
    private static final Offsets NONE = new Offsets(List.of());

    private final List<Range> ranges;

    private Offsets(List<Range> ranges) {
        this.ranges = ranges;
    }

    /**
     * The offsets of one partition.
     *
     * @param stream what was read
     * @param partition its partition
     * @param first the lowest offset that a result came from
     * @param last the highest
     * @param count the number of results
     */
    record Range(String stream, int partition, long first, long last, long count) {

        private Range with(Range other) {
            return new Range(
                    stream, partition, Math.min(first, other.first), Math.max(last, other.last), count + other.count);
        }

        private boolean covers(Range other) {
            return first <= other.first && last >= other.last;
        }

        private Source source() {
            return new Source(stream, partition);
        }
    }

    private record Source(String stream, int partition) implements Comparable<Source> {
        private static final Comparator<Source> ORDER =
                Comparator.comparing(Source::stream).thenComparingInt(Source::partition);

        @Override
        public int compareTo(Source other) {
            return ORDER.compare(this, other);
        }
    }

    static Offsets none() {
        return NONE;
    }

    static Offsets of(List<Range> ranges) {
        return of(ranges, List.of());
    }

    static Offsets ofResults(Iterable<ResultId> results) {
        TreeMap<Source, Range> merged = new TreeMap<>();
        for (ResultId result : results) {
            for (Origin origin : result.origins()) {
                add(merged, new Range(origin.stream(), origin.partition(), origin.offset(), origin.offset(), 1));
            }
        }
        return new Offsets(List.copyOf(merged.values()));
    }

    /** The ranges, by stream and partition. */
    List<Range> ranges() {
        return ranges;
    }

    /** These and the others, one range a partition. */
    Offsets and(Offsets others) {
        return of(ranges, others.ranges);
    }

    /** Whether every range of the others lies within the range of the same partition here. */
    boolean cover(Offsets others) {
        TreeMap<Source, Range> mine = new TreeMap<>();
        ranges.forEach(range -> add(mine, range));
        return others.ranges.stream().allMatch(other -> {
            @Nullable Range range = mine.get(other.source());
            return range != null && range.covers(other);
        });
    }

    private static Offsets of(List<Range> some, List<Range> others) {
        TreeMap<Source, Range> merged = new TreeMap<>();
        some.forEach(range -> add(merged, range));
        others.forEach(range -> add(merged, range));
        return new Offsets(List.copyOf(merged.values()));
    }

    private static void add(Map<Source, Range> ranges, Range range) {
        ranges.merge(range.source(), range, Range::with);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Offsets that && ranges.equals(that.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    @Override
    public String toString() {
        return ranges.toString();
    }

    private static final class OffsetsCoder extends StateCoder<Offsets> {
        private static final long serialVersionUID = 1;

        OffsetsCoder() {
            super("offsets");
        }

        @Override
        void encodeParts(Offsets offsets, OutputStream out) throws IOException {
            VarInt.encode(offsets.ranges.size(), out);
            for (Range range : offsets.ranges) {
                writeText(range.stream, out);
                VarInt.encode(range.partition, out);
                VarInt.encode(range.first, out);
                VarInt.encode(range.last, out);
                VarInt.encode(range.count, out);
            }
        }

        @Override
        Offsets decodeParts(InputStream in) throws IOException {
            int size = VarInt.decodeInt(in);
            List<Range> ranges = new ArrayList<>(size);
            for (int position = 0; position < size; position++) {
                ranges.add(new Range(
                        readText(in),
                        VarInt.decodeInt(in),
                        VarInt.decodeLong(in),
                        VarInt.decodeLong(in),
                        VarInt.decodeLong(in)));
            }
            return of(ranges);
        }
    }
}
