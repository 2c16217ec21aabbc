package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import io.millrace.transforms.joiner.JoinStreams;
import io.millrace.transforms.joiner.JoinType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Two streams by event time: right events, each with the left ones that were before it. */
public record JoinSpec(
        @Setting("The side of which there are many events for one of the other: what led to it.")
        JoinSideSpec left,

        @Setting("The side of which each event has a result: what it led to.")
        JoinSideSpec right,

        @Setting(
                value =
                        "What comes out besides right events with left ones: inner nothing; leftOuter left events that were given to no"
                                + " right one, each by itself; rightOuter right events without a left one; fullOuter both.",
                byDefault = "inner")
        JoinType type,

        @Setting(value = "Which of the left events within its bounds a right one is given.", byDefault = "all")
        Credit credit,

        @Setting(
                value =
                        "Whether a left event is given to one right one at most, the earliest; credit then chooses among those that are"
                                + " still free. Must be false with emit: match.",
                byDefault = "false")
        boolean creditOnce,

        @Setting(
                value =
                        "When a result leaves: complete when nothing can come any more that would change it; match with the first left"
                                + " event, as early, and, if it has changed, again when it is complete, as correction, or as retraction if"
                                + " no left event is left. Sinks files and s3 have each result once, so they are for complete ones.",
                byDefault = "complete")
        Emit emit,

        @Setting(
                value = "How far behind the watermark an event may come; a later one is a dead letter, late.",
                byDefault = "PT0S")
        Duration allowedLateness,

        @Setting(
                value =
                        "Whether a result has all of its left events, as left.list in the order of their times, and not only the first"
                                + " and the last of them.",
                byDefault = "false")
        boolean list,

        @Setting(
                value =
                        "Left events of such a span of time become one, with their count, when no right event can tell them apart any"
                                + " more: less is kept, and the far bound is counted to the beginning of the span. With credit: all alone.",
                example = "PT1M")
        @Nullable Duration granule,

        @Setting(
                value =
                        "How many events of both sides are kept of a key at most; one that comes beyond that is a dead letter,"
                                + " joinOverLimit.",
                byDefault = "" + JoinStreams.DEFAULT_KEY_ENTRIES)
        @Between(least = 1, most = Integer.MAX_VALUE)
        int keyEntries,

        @Setting(
                value = "How many bytes are kept of a key at most, likewise.",
                byDefault = "" + JoinStreams.DEFAULT_KEY_BYTES)
        @Between(least = 1, most = Integer.MAX_VALUE)
        int keyBytes,

        @Setting(
                value =
                        "Counts for each window how many left events there were, and how many of them were given to a right one. Routes"
                                + " read that as the source <join>-rates: documents with by, from, to, left, given and rate, for sinks"
                                + " files and s3 with a window. Must be with creditOnce: true and emit: complete.",
                example = "{by: event.title_id, window: PT10M}")
        @Nullable JoinRatesSpec rates,

        @Setting(
                value =
                        "Tells of some keys everything that becomes of them, to look into why something was or was not joined. A route"
                                + " reads that as the source <join>-traces: documents with join, key, step, side, time, id, bytes, lefts,"
                                + " watermark and at, which join why and join advise read.",
                example = "{share: 0.001}")
        @Nullable JoinTracesSpec traces)
        implements DerivedSource {

    private static final String RATES = "-rates";
    private static final String TRACES = "-traces";

    public JoinSpec {
        checkArgument(
                left.waits() != null || right.looksBack() != null,
                "join must say how far a left event may be before a right one: by left.waits, right.looksBack or both");
        checkArgument(
                !left.from().equals(right.from()) || (left.filter() != null && right.filter() != null),
                "join must have a filter on both sides where both come from one source, %s",
                left.from());
        checkArgument(
                !creditOnce || emit == Emit.COMPLETE,
                "creditOnce must be false with emit: match, since which right event is the earliest is known when it is complete");
        JoinSideSpec.check("allowedLateness", allowedLateness);
        checkArgument(
                granule == null || granule.toMillis() >= 1,
                "granule must be at least a millisecond, but was %s",
                granule);
        checkArgument(
                granule == null || credit == Credit.ALL,
                "granule must be with credit: all, since left events are merged");
        checkArgument(
                granule == null || granule.compareTo(leftFirst(left, right)) <= 0,
                "granule must be at most how far a left event may be before a right one, %s, but was %s",
                leftFirst(left, right),
                granule);
        checkArgument(
                rates == null || (creditOnce && emit == Emit.COMPLETE),
                "rates must be with creditOnce: true and emit: complete, so that a left event is counted once");
    }

    /** How far a left event may be before a right one. */
    public Duration leftFirst() {
        return leftFirst(left, right);
    }

    private static Duration leftFirst(JoinSideSpec left, JoinSideSpec right) {
        return Stream.of(left.waits(), right.looksBack())
                .flatMap(Stream::ofNullable)
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /**
     * What identifies the form of what waits in the join's state, and of counts for its rates: a join of the same can go on with a state.
     * Bounds may change where there are no rates, and limits, traces and what is kept may in any case.
     */
    public String stateVersion() {
        List<Object> form =
                new ArrayList<>(List.of(type.keepsLeft(), credit, creditOnce, list, String.valueOf(granule)));
        if (rates != null) {
            form.addAll(List.of(leftFirst(), allowedLateness, rates.window()));
        }
        return Plain.sha256Start(form.toString());
    }

    /** The name under which routes read the rates of a join. */
    public static String rates(String join) {
        return join + RATES;
    }

    /** The name under which a route reads the traces of a join. */
    public static String traces(String join) {
        return join + TRACES;
    }

    /** The names under which routes read its results, and its rates if it has any. */
    public List<String> resultsAndRates(String name) {
        return rates == null ? List.of(name) : List.of(name, rates(name));
    }

    /** The names under which routes read what a join of this name gives. */
    @Override
    public List<String> outputs(String name) {
        return Stream.of(name, rates == null ? null : rates(name), traces == null ? null : traces(name))
                .flatMap(Stream::ofNullable)
                .toList();
    }

    /** Whether it reads a source. */
    @Override
    public boolean reads(String source) {
        return left.from().equals(source) || right.from().equals(source);
    }
}
