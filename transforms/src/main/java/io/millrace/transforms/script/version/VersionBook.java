package io.millrace.transforms.script.version;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.version.ControlLog.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of the entries of a control log, from what they say alone: so every process, and every rerun, decides the same.
 *
 * <p>A record is accepted if it can be read; its version compiles and passes the record's tests, or was accepted before; and its
 * {@code effectiveFrom} is at least {@link #LEAD} after it was published, so that whoever has read the log up to a time knows the versions
 * of events up to that time. The first record accepted may have any time: before it, nothing can have been processed. A withdrawal must
 * withdraw what is in force at its time. A refused record
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

    /** Why a time is refused that is past. */
    public static final String PAST_STAYS = "what is past keeps its version";

    private final Acceptance acceptance;
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
        return add(new Undecided(entry));
    }

    Decision add(Undecided entry) {
        ControlRecord control = entry.control();
        if (control == null) {
            return Decision.refused(entry.id(), null, entry.problems());
        }
        try {
            return accept(control, entry.entry().published());
        } catch (ControlRecordException e) {
            return Decision.refused(control.id(), control.effectiveFrom(), e.problems());
        } catch (OutOfMemoryError e) {
            throw e; // says nothing of the record, and has changed nothing
        } catch (RuntimeException | Error e) { // no record may keep the ones behind it from being decided on
            return Decision.refused(
                    control.id(),
                    control.effectiveFrom(),
                    List.of("the record must be one that can be decided on, but: " + e));
        }
    }

    private Decision accept(ControlRecord control, @Nullable Instant published) {
        Optional<Activation> first = timeline.activation(control.id());
        if (first.isPresent()) {
            checkSame(first.get(), control);
            return Decision.repeated(first.get());
        }
        checkLead(control, published);
        checkWithdrawal(control);
        ScriptVersion version = version(control);
        if (!control.tests().isEmpty() || !isAccepted(version.script())) {
            acceptance.check(version.script(), control);
        }
        Activation activation = new Activation(control.id(), control.effectiveFrom(), version, control.isWithdrawal());
        timeline = timeline.with(activation);
        return Decision.accepted(activation);
    }

    private boolean isAccepted(Script script) {
        return timeline.accepted().stream()
                .anyMatch(one -> one.version().script().equals(script));
    }

    private static void checkSame(Activation first, ControlRecord again) {
        ScriptVersion version = first.version();
        String source = first.record().equals(version.id()) ? version.script().source() : null;
        if (!version.id().equals(again.versionId()) || !Objects.equals(source, again.source())) {
            throw refusal("id must be new, but '" + first.record() + "' is that of an accepted record of another "
                    + (source == null ? "version" : "source"));
        }
    }

    /** Whoever puts something else in force than what fails has said what is to follow, even if a withdrawal was under way. */
    private void checkWithdrawal(ControlRecord control) {
        if (!control.id().startsWith(ControlRecord.WITHDRAWN)) {
            return;
        }
        if (!control.isWithdrawal()) {
            throw refusal("id must not begin with " + ControlRecord.WITHDRAWN + ", which is for what "
                    + ControlRecord.MILLRACE + " withdraws, but was '" + control.id() + "'");
        }
        Timeline.Span span = timeline.at(control.effectiveFrom().toEpochMilli());
        String inForce = span == null ? "" : span.activation().record();
        if (!control.id().equals(ControlRecord.WITHDRAWN + inForce)) {
            throw refusal("what is withdrawn must be in force at " + control.effectiveFrom() + ", but that is '"
                    + inForce + "' by then");
        }
    }

    private void checkLead(ControlRecord control, @Nullable Instant published) {
        if (published == null) {
            throw refusal("the time at which the record was published must be known, but is not");
        }
        if (!timeline.isEmpty() && Undecided.isLate(control, published)) {
            throw refusal("effectiveFrom must be at least " + LEAD.toMillis() + " ms after the record was published at "
                    + published + ", but was " + control.effectiveFrom() + ": " + PAST_STAYS);
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
