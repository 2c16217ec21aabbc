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
 * Which offsets results came from.
 *
 * <p>Of a run that reads a stream on, one range for each partition is enough: the first, the last and the number of results, since what
 * lies between was filtered or given up. A replay of dead letters takes single events out of a stream: its ranges are exact, as many
 * as there are gaps. Those of an archive are of offsets that were read without a gap.
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
     * Offsets of one partition, from one to another.
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
            return source().equals(other.source()) && first <= other.first && last >= other.last;
        }

        private boolean meets(Range next) {
            return source().equals(next.source()) && next.first <= last + 1;
        }

        boolean isOf(String otherStream, int otherPartition) {
            return partition == otherPartition && stream.equals(otherStream);
        }

        boolean has(long offset) {
            return first <= offset && offset <= last;
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

    /** Ranges as they are. */
    static Offsets of(List<Range> ranges) {
        return new Offsets(List.copyOf(ranges));
    }

    /** One range for each partition that results came from. */
    static Offsets ofResults(Iterable<ResultId> results) {
        TreeMap<Source, Range> merged = new TreeMap<>();
        for (ResultId result : results) {
            for (Origin origin : result.origins()) {
                add(merged, new Range(origin.stream(), origin.partition(), origin.offset(), origin.offset(), 1));
            }
        }
        return new Offsets(List.copyOf(merged.values()));
    }

    /** The offsets that results came from, and no others. */
    static Offsets exactlyOfResults(Iterable<ResultId> results) {
        List<Range> ranges = new ArrayList<>();
        for (ResultId result : results) {
            for (Origin origin : result.origins()) {
                ranges.add(new Range(origin.stream(), origin.partition(), origin.offset(), origin.offset(), 1));
            }
        }
        return joined(ranges);
    }

    /** Ranges of offsets, those joined that leave no gap. */
    static Offsets joined(List<Range> ranges) {
        List<Range> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparing(Range::source).thenComparingLong(Range::first));
        List<Range> joined = new ArrayList<>();
        for (Range range : sorted) {
            int last = joined.size() - 1;
            if (last >= 0 && joined.get(last).meets(range)) {
                joined.set(last, joined.get(last).with(range));
            } else {
                joined.add(range);
            }
        }
        return of(joined);
    }

    /** The ranges, by stream and partition. */
    List<Range> ranges() {
        return ranges;
    }

    /** These and the others, one range a partition. */
    Offsets and(Offsets others) {
        TreeMap<Source, Range> merged = new TreeMap<>();
        ranges.forEach(range -> add(merged, range));
        others.ranges.forEach(range -> add(merged, range));
        return new Offsets(List.copyOf(merged.values()));
    }

    /** These and the others, and none between. */
    Offsets andExactly(Offsets others) {
        return joined(beside(others).ranges);
    }

    /** The ranges of these beside those of the others. */
    Offsets beside(Offsets others) {
        List<Range> all = new ArrayList<>(ranges);
        all.addAll(others.ranges);
        return of(all);
    }

    /** Whether every range of the others lies within one here. */
    boolean cover(Offsets others) {
        return others.ranges.stream().allMatch(other -> ranges.stream().anyMatch(range -> range.covers(other)));
    }

    /** Whether an offset of a partition lies in one of the ranges. */
    boolean has(String stream, int partition, long offset) {
        return ranges.stream().anyMatch(range -> range.isOf(stream, partition) && range.has(offset));
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
