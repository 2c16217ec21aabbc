package io.millrace.io.objects;

import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.Run;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The events and runs that the tests of this package speak of. */
final class Samples {
    private Samples() {}

    /** A play at an offset of partition 0 of {@code local/plays}, as route {@code long-plays} gives it. */
    static Event play(long offset) {
        return play(0, offset);
    }

    /** A play at an offset of a partition of {@code local/plays}. */
    static Event play(int partition, long offset) {
        return event(partition, offset, line(partition, offset));
    }

    /** An event of a value. */
    static Event event(long offset, String value) {
        return event(0, offset, value);
    }

    private static Event event(int partition, long offset, String value) {
        ResultId id = ResultId.of(new Origin("local/plays", partition, offset)).madeBy("long-plays");
        return Event.of(
                id, utf8("key"), utf8(value), Headers.builder().add("h", "v").build());
    }

    /** The line of a play. */
    static String line(long offset) {
        return line(0, offset);
    }

    /** The line of a play of a partition. */
    static String line(int partition, long offset) {
        return "{\"play\":\"" + partition + "-" + offset + "\"}";
    }

    /** The text of lines. */
    static String text(String... lines) {
        return List.of(lines).stream().map(line -> line + "\n").reduce("", String::concat);
    }

    static SinkContext contextOf(String lineage, long epoch) {
        return new SinkContext(new Run("play-events", "", lineage, epoch), "long-plays", false);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
