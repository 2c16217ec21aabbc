package io.millrace.transforms.script.version;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.version.ControlLog.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of the entries of a control log, from what they say alone: so every process, and every rerun, decides the same.
 *
 * <p>A record is accepted if it can be read; its version compiles and passes the record's tests, or was accepted before; and its
 * {@code effectiveFrom} is at least {@link #LEAD} after it was published, so that whoever has read the log up to a time knows the versions
 * of events up to that time. The first record accepted may have any time: before it, nothing can have been processed. A refused record
 * changes nothing, and its id stays free; an accepted one that comes again, whatever its time, changes nothing either.
 *
 * <p><i>State</i>: the accepted records.
 *
 * <p>For one thread. {@link #timeline()} is immutable.
 */
public final class VersionBook {
    /** How long before the first event time of a version its record is published, at least. */
    public static final Duration LEAD = Duration.ofMillis(500);

    /** How far ahead the first event time of a version lies, by the clock of whoever publishes it, where nothing else is wanted. */
    public static final Duration AHEAD = Duration.ofSeconds(1);

    private final Acceptance acceptance;
    private final Map<String, ControlRecord> accepted = new HashMap<>();
    private Timeline timeline = Timeline.EMPTY;

    /**
     * A book without entries.
     *
     * @param language the language of all versions
     * @param function the one function that is called, or null for those that a version defines
     * @param limits what a version may use for an event
     */
    public VersionBook(String language, @Nullable ScriptFunction function, ScriptLimits limits) {
        this.acceptance = new Acceptance(language, function, limits);
    }

    /** Decides on the next entry of the log. */
    @CanIgnoreReturnValue
    public Decision add(Entry entry) {
        ControlRecord control;
        try {
            control = ControlRecord.parse(entry.text());
        } catch (ControlRecordException e) {
            return Decision.refused(ControlRecord.idOf(entry.text()).orElse(""), null, e.problems());
        }
        try {
            return accept(control, entry.published());
        } catch (ControlRecordException e) {
            return Decision.refused(control.id(), control.effectiveFrom(), e.problems());
        }
    }

    private Decision accept(ControlRecord control, @Nullable Instant published) {
        ControlRecord first = accepted.get(control.id());
        if (first != null) {
            checkSame(first, control);
            return Decision.repeated(timeline.activation(control.id()).orElseThrow());
        }
        checkLead(control, published);
        ScriptVersion version = version(control);
        if (!control.tests().isEmpty() || !isAccepted(version.script())) {
            acceptance.check(version.script(), control);
        }
        Activation activation = new Activation(control.id(), control.effectiveFrom(), version, control.isWithdrawal());
        accepted.put(control.id(), control);
        timeline = timeline.with(activation);
        return Decision.accepted(activation);
    }

    private boolean isAccepted(Script script) {
        return timeline.accepted().stream()
                .anyMatch(one -> one.version().script().equals(script));
    }

    private static void checkSame(ControlRecord first, ControlRecord again) {
        if (!first.versionId().equals(again.versionId()) || !Objects.equals(first.source(), again.source())) {
            throw refusal("id must be new, but '" + first.id() + "' is that of an accepted record of another "
                    + (first.source() == null ? "version" : "source"));
        }
    }

    private void checkLead(ControlRecord control, @Nullable Instant published) {
        if (published == null) {
            throw refusal("the time at which the record was published must be known, but is not");
        }
        if (!timeline.isEmpty() && control.effectiveFrom().isBefore(published.plus(LEAD))) {
            throw refusal("effectiveFrom must be at least " + LEAD.toMillis() + " ms after the record was published at "
                    + published + ", but was " + control.effectiveFrom()
                    + ": what is past is changed by a rewind");
        }
    }

    /** From which event time on an entry may change what is in force, if it is not the first; the end of time where it cannot. */
    static long mayChangeFrom(Entry entry) {
        try {
            Instant from = ControlRecord.parse(entry.text()).effectiveFrom();
            boolean refused =
                    entry.published() == null || from.isBefore(entry.published().plus(LEAD));
            return refused ? Long.MAX_VALUE : from.toEpochMilli();
        } catch (ControlRecordException e) {
            return Long.MAX_VALUE;
        }
    }

    private ScriptVersion version(ControlRecord control) {
        if (control.source() != null) {
            return new ScriptVersion(control.id(), acceptance.script(control.source()));
        }
        return timeline.version(control.versionId())
                .orElseThrow(() -> refusal("version must be that of an accepted version, but was '"
                        + control.versionId() + "'" + versions()));
    }

    private String versions() {
        List<String> ids = versionIds();
        return ids.isEmpty() ? ": there is none yet" : ": the last ones are " + ids;
    }

    private List<String> versionIds() {
        List<String> ids = new ArrayList<>();
        timeline.accepted().stream()
                .map(activation -> activation.version().id())
                .distinct()
                .forEach(ids::add);
        return ids.subList(Math.max(0, ids.size() - 5), ids.size());
    }

    /** Which version is in force when, by the entries so far. */
    public Timeline timeline() {
        return timeline;
    }

    private static ControlRecordException refusal(String problem) {
        return new ControlRecordException(List.of(problem));
    }
}
