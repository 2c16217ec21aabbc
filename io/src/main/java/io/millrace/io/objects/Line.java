package io.millrace.io.objects;

import io.millrace.io.objects.ArchivedRecord.Place;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** One line and which result it is; its bytes are a part of an array that others share. */
final class Line {
    /** The order of lines in an object: by origins, step and ordinal, so that it does not depend on the order of arrival. */
    static final Comparator<Line> ORDER =
            Comparator.comparing(Line::id, Line::compareIds).thenComparing(Line::compareBytes);

    private static final Comparator<Origin> ORIGINS = Comparator.comparing(Origin::stream)
            .thenComparingInt(Origin::partition)
            .thenComparingLong(Origin::offset);

    private final ResultId id;
    private final byte[] bytes;
    private final int offset;
    private final int length;

    Line(ResultId id, byte[] bytes, int offset, int length) {
        this.id = id;
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    Line(ResultId id, byte[] bytes) {
        this(id, bytes, 0, bytes.length);
    }

    /** The line of an event that can be one. */
    static Line of(Event event) {
        try {
            return new Line(event.id(), JsonLine.of(event.value()));
        } catch (NotALineException e) {
            throw new IllegalArgumentException(e);
        }
    }

    ResultId id() {
        return id;
    }

    int length() {
        return length;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, offset, length);
    }

    /** Of a line of an archive, the offsets that were read to come to it. */
    Offsets.Range read() {
        try {
            Place place = Place.of(bytes, offset, length);
            return new Offsets.Range(place.stream(), place.partition(), place.from(), place.offset(), 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int compareIds(ResultId one, ResultId other) {
        int order = compareOrigins(one.origins(), other.origins());
        if (order == 0) {
            order = one.step().compareTo(other.step());
        }
        return order == 0 ? Integer.compare(one.ordinal(), other.ordinal()) : order;
    }

    private static int compareOrigins(List<Origin> some, List<Origin> others) {
        for (int position = 0; position < Math.min(some.size(), others.size()); position++) {
            int order = ORIGINS.compare(some.get(position), others.get(position));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(some.size(), others.size());
    }

    private static int compareBytes(Line one, Line other) {
        return Arrays.compare(
                one.bytes, one.offset, one.offset + one.length, other.bytes, other.offset, other.offset + other.length);
    }
}
