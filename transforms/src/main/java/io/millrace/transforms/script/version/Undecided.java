package io.millrace.transforms.script.version;

import io.millrace.transforms.script.version.ControlLog.Entry;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An entry of a control log that is still to be decided on; its text is parsed once. */
final class Undecided {
    private final Entry entry;
    private @Nullable Parsed parsed;

    Undecided(Entry entry) {
        this.entry = entry;
    }

    Entry entry() {
        return entry;
    }

    /** The record that the text is; null where it is none. */
    @Nullable ControlRecord control() {
        return parsed().control();
    }

    /** Why the text is no record; none where it is one. */
    List<String> problems() {
        return parsed().problems();
    }

    /** The id that the text gives, as far as it is a record at all; otherwise empty. */
    String id() {
        ControlRecord control = control();
        return control == null ? ControlRecord.idOf(entry.text()).orElse("") : control.id();
    }

    /** From which event time on the entry may change what is in force, if it is not the first; the end of time where it cannot. */
    long mayChangeFrom() {
        ControlRecord control = control();
        return control == null || entry.published() == null || isLate(control, entry.published())
                ? Long.MAX_VALUE
                : control.effectiveFrom().toEpochMilli();
    }

    /** Whether a record was published too late for its time to be in force from then on. */
    static boolean isLate(ControlRecord control, Instant published) {
        return control.effectiveFrom().minus(VersionBook.LEAD).isBefore(published); // the other sum may be out of range
    }

    private synchronized Parsed parsed() {
        if (parsed == null) {
            parsed = parse(entry.text());
        }
        return parsed;
    }

    private static Parsed parse(String text) {
        try {
            return new Parsed(ControlRecord.parse(text), List.of());
        } catch (ControlRecordException e) {
            return new Parsed(null, e.problems());
        } catch (RuntimeException | StackOverflowError e) { // no text may keep the ones behind it from being decided on
            return new Parsed(null, List.of("a control record must be one that can be read, but: " + e));
        }
    }

    private record Parsed(@Nullable ControlRecord control, List<String> problems) {}
}
