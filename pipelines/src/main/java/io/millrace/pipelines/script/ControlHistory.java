package io.millrace.pipelines.script;

import io.millrace.devinterface.spec.ScriptSpec;
import io.millrace.transforms.script.version.Activation;
import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlLog.Entry;
import io.millrace.transforms.script.version.Decision;
import io.millrace.transforms.script.version.Timeline;
import io.millrace.transforms.script.version.VersionBook;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What becomes of each record of a control log: every job decides the same, from the log alone. */
public final class ControlHistory {
    private final VersionBook book;
    private final List<Line> lines = new ArrayList<>();

    private ControlHistory(VersionBook book) {
        this.book = book;
    }

    /**
     * The history of a dynamic script.
     *
     * @param log its log
     */
    public static ControlHistory of(ScriptSpec script, ControlLog log) throws IOException {
        ControlHistory history =
                new ControlHistory(new VersionBook(script.language(), script.function(), script.scriptLimits()));
        log.history().forEach(history::add);
        return history;
    }

    /** What becomes of one record more. */
    public Decision add(Entry entry) {
        Decision decision = book.add(entry);
        lines.add(new Line(entry, decision));
        return decision;
    }

    /** The records, in the order of the log. */
    public List<Line> lines() {
        return List.copyOf(lines);
    }

    /** Which version is in force when. */
    public Timeline timeline() {
        return book.timeline();
    }

    /** The ids of the accepted versions, the oldest first. */
    public List<String> versions() {
        return timeline().accepted().stream()
                .map(activation -> activation.version().id())
                .distinct()
                .toList();
    }

    /** What is in force for events of a time, if there is a version at all. */
    public Optional<Activation> at(Instant time) {
        return Optional.ofNullable(timeline().at(time.toEpochMilli())).map(Timeline.Span::activation);
    }

    /**
     * A record, and what became of it.
     *
     * @param entry the record as it stands in the log
     * @param decision what became of it
     */
    public record Line(Entry entry, Decision decision) {}
}
