package io.millrace.pipelines.join.trace;

import com.google.common.math.LongMath;
import io.millrace.devinterface.spec.JoinSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How far apart the events of a join may be by its spec, in milliseconds; and what would have to be set for those that are further. */
final class Distances {
    private final JoinSpec join;
    private final long leftFirst;
    private final long rightFirst;
    private final long allowedLateness;
    private final long granule;

    Distances(JoinSpec join) {
        this(join, List.of());
    }

    /** As the spec has it, but for some settings. */
    Distances(JoinSpec join, List<Fix> fixes) {
        this.join = join;
        this.leftFirst = shorter(
                set("left.waits", join.left().waits(), fixes),
                set("right.looksBack", join.right().looksBack(), fixes));
        this.rightFirst = shorter(
                set("right.waits", join.right().waits(), fixes),
                set("left.looksBack", join.left().looksBack(), fixes));
        this.allowedLateness = shorter(set("allowedLateness", join.allowedLateness(), fixes), null);
        this.granule = join.granule() == null ? 0 : join.granule().toMillis();
    }

    private static @Nullable Duration set(String setting, @Nullable Duration value, List<Fix> fixes) {
        return fixes.stream()
                .filter(fix -> fix.setting().equals(setting))
                .map(fix -> Duration.ofMillis(fix.amount()))
                .findFirst()
                .orElse(value);
    }

    private static long shorter(@Nullable Duration one, @Nullable Duration other) {
        return Stream.of(Optional.ofNullable(one), Optional.ofNullable(other))
                .flatMap(Optional::stream)
                .mapToLong(Duration::toMillis)
                .min()
                .orElse(0);
    }

    long leftFirst() {
        return leftFirst;
    }

    long rightFirst() {
        return rightFirst;
    }

    /** The granule of a left event, by its first moment; without granules, its time. */
    long granuleOf(long left) {
        return granule == 0 ? left : Math.floorDiv(left, granule) * granule;
    }

    boolean hasGranules() {
        return granule > 0;
    }

    boolean isWithin(long left, long right) {
        return right - granuleOf(left) <= leftFirst && left - right <= rightFirst;
    }

    /** Whether an event is late that comes when the watermark stands there. */
    boolean isLate(long time, long watermark) {
        return !Words.isStart(watermark) && watermark - time > allowedLateness;
    }

    /** The watermark that a result of a right event's time waits for. */
    long completeAt(long right) {
        return LongMath.saturatedAdd(right, rightFirst + allowedLateness + 1);
    }

    /** Why a left event is outside the bounds of a right one. */
    Cause outside(long left, long right) {
        return left > right ? after(left - right) : before(right - granuleOf(left), right - left);
    }

    private Cause before(long counted, long distance) {
        String granules =
                counted == distance ? "" : ", counted from the beginning of its granule " + Words.span(counted);
        return new Cause(
                "it was " + Words.span(distance) + " before it" + granules + ", " + Words.span(counted - leftFirst)
                        + " too far",
                lengthening(
                        "left.waits",
                        join.left().waits(),
                        "right.looksBack",
                        join.right().looksBack(),
                        counted));
    }

    private Cause after(long distance) {
        String tooFar = rightFirst == 0 ? "" : ", " + Words.span(distance - rightFirst) + " too far";
        List<Fix> fixes = lengthening(
                "right.waits",
                join.right().waits(),
                "left.looksBack",
                join.left().looksBack(),
                distance);
        return new Cause(
                "it was " + Words.span(distance) + " after it" + tooFar,
                fixes.isEmpty() ? List.of(Fix.span("right.waits", distance)) : fixes);
    }

    /** Of two settings that speak of one distance the shorter counts, so all of them have to be long enough. */
    private static List<Fix> lengthening(
            String name, @Nullable Duration value, String other, @Nullable Duration ofOther, long needed) {
        List<Fix> fixes = new ArrayList<>();
        if (value != null && value.toMillis() < needed) {
            fixes.add(Fix.span(name, needed));
        }
        if (ofOther != null && ofOther.toMillis() < needed) {
            fixes.add(Fix.span(other, needed));
        }
        return fixes;
    }
}
