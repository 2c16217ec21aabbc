package io.millrace.pipelines.join.trace;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.testfixtures.join.JoinCase;
import io.millrace.testfixtures.join.JoinCase.Arrival;
import io.millrace.testfixtures.join.JoinCase.Credit;
import io.millrace.testfixtures.join.JoinCase.Step;
import io.millrace.testfixtures.join.JoinCase.Watermark;
import io.millrace.testfixtures.join.JoinOracle;
import io.millrace.transforms.joiner.Side;
import io.millrace.transforms.joiner.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;
import org.junit.Test;

/** Joins of which a brute-force oracle says what comes out are explained; and with the settings that are said, the oracle joins what was not joined. */
public class WouldHaveJoinedTest {
    private static final int CASES = 400;
    private static final long BASE =
            java.time.Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final Instant END = GlobalWindow.INSTANCE.maxTimestamp();

    private int fixed;

    @Test
    public void whatIsSaidWouldHaveJoinedThem() {
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < CASES; i++) {
            check(new Bounds(random), steps(random), random);
        }
        assertThat(fixed, is(greaterThan(CASES)));
    }

    /** The four settings of bounds; right.waits and left.looksBack are 0 where there is none. */
    private record Bounds(long waits, long looksBack, long rightWaits, long leftLooksBack, long allowedLateness) {
        Bounds(SplittableRandom random) {
            this(
                    random.nextLong(20_000),
                    random.nextLong(20_000),
                    random.nextLong(3_000),
                    random.nextLong(3_000),
                    random.nextLong(5_000));
        }

        JoinCase of(Credit credit, boolean once, List<Step> steps) {
            return new JoinCase(
                    Math.min(waits, looksBack),
                    Math.min(rightWaits, leftLooksBack),
                    allowedLateness,
                    0,
                    0,
                    credit,
                    once,
                    steps);
        }

        Bounds with(Map<String, String> fixes) {
            return new Bounds(
                    millis(fixes, "left.waits", waits),
                    millis(fixes, "right.looksBack", looksBack),
                    millis(fixes, "right.waits", rightWaits),
                    millis(fixes, "left.looksBack", leftLooksBack),
                    millis(fixes, "allowedLateness", allowedLateness));
        }

        private static long millis(Map<String, String> fixes, String setting, long otherwise) {
            String value = fixes.get(setting);
            return value == null ? otherwise : Duration.parse(value).toMillis();
        }

        JoinSpec spec(Credit credit, boolean once) {
            return Told.join(
                    "waits: " + Duration.ofMillis(waits) + ", looksBack: " + Duration.ofMillis(leftLooksBack),
                    "waits: " + Duration.ofMillis(rightWaits) + ", looksBack: " + Duration.ofMillis(looksBack),
                    "type: rightOuter",
                    "credit: " + credit.name().toLowerCase(Locale.ROOT),
                    "creditOnce: " + once,
                    "allowedLateness: " + Duration.ofMillis(allowedLateness));
        }
    }

    private static List<Step> steps(SplittableRandom random) {
        List<Step> steps = new ArrayList<>();
        long watermark = BASE;
        for (int i = 0; i < 12; i++) {
            boolean isLeft = random.nextInt(3) > 0;
            long time = BASE + random.nextLong(40) * 1_000 + random.nextLong(2) * 500;
            steps.add(new Arrival(isLeft, "k", time, (isLeft ? "l" : "r") + i));
            if (random.nextInt(4) == 0) {
                watermark += random.nextLong(8_000);
                steps.add(new Watermark(watermark));
            }
        }
        return steps;
    }

    private void check(Bounds bounds, List<Step> steps, SplittableRandom random) {
        Credit credit = Credit.values()[random.nextInt(3)];
        boolean once = random.nextBoolean();
        JoinSpec spec = bounds.spec(credit, once);
        Map<String, List<String>> given = given(bounds.of(credit, once, steps));

        KeyExplanation explanation = KeyExplanation.of("k", spec, traces(steps, given, bounds), END.getMillis());

        for (RightEvent right : explanation.rights()) {
            assertThat(
                    right.given().stream().map(ToldEvent::id).toList(),
                    is(given.getOrDefault(right.event().id(), List.of())));
            for (NotGiven one : right.notGiven()) {
                Map<String, String> fixes = new HashMap<>();
                one.fixes().forEach(fix -> fixes.put(fix.setting(), fix.value()));
                assertThat(one.why(), fixes.keySet(), is(not(empty())));
                JoinCase other = bounds.with(fixes)
                        .of(
                                fixes.containsKey("credit") ? Credit.ALL : credit,
                                once && !fixes.containsKey("creditOnce"),
                                steps);
                assertThat(
                        right.event().id() + " and " + one.left().name() + ": " + one.why() + " in " + spec,
                        given(other).getOrDefault(right.event().id(), List.of()),
                        hasItem(one.left().id()));
                fixed++;
            }
        }
    }

    /** The names of the left elements that each right one is given, by the oracle. */
    private static Map<String, List<String>> given(JoinCase join) {
        Map<String, List<String>> given = new HashMap<>();
        JoinOracle.results(join).stream()
                .filter(result -> result.startsWith("joined "))
                .forEach(result -> {
                    String right = result.substring("joined k ".length(), result.indexOf('@'));
                    String lefts = result.substring(result.indexOf('[') + 1, result.indexOf(']'));
                    given.put(right, Arrays.asList(lefts.split("[+ ,]+")));
                });
        return given;
    }

    private static List<Trace> traces(List<Step> steps, Map<String, List<String>> given, Bounds bounds) {
        List<Trace> traces = new ArrayList<>();
        Map<String, Arrival> taken = new HashMap<>();
        Instant watermark = BoundedWindow.TIMESTAMP_MIN_VALUE;
        for (Step step : steps) {
            if (step instanceof Watermark moved) {
                watermark = Instant.ofEpochMilli(moved.time());
            } else if (step instanceof Arrival arrival) {
                boolean isLate = arrival.time() < watermark.getMillis() - bounds.allowedLateness();
                traces.add(trace(isLate ? Trace.Step.LATE : Trace.Step.TAKEN, arrival, watermark, traces.size()));
                if (!isLate) {
                    taken.put(arrival.name(), arrival);
                }
            }
        }
        taken.values().stream()
                .filter(arrival -> !arrival.isLeft())
                .sorted(Comparator.comparingLong(Arrival::time).thenComparing(Arrival::name))
                .forEach(right ->
                        traces.add(result(right, given.getOrDefault(right.name(), List.of()), taken, traces.size())));
        return traces;
    }

    private static Trace trace(Trace.Step step, Arrival arrival, Instant watermark, int number) {
        Side side = arrival.isLeft() ? Side.LEFT : Side.RIGHT;
        Instant time = Instant.ofEpochMilli(arrival.time());
        return new Trace(step, side, time, arrival.name(), 1, List.of(), watermark, Instant.ofEpochMilli(number));
    }

    private static Trace result(Arrival right, List<String> lefts, Map<String, Arrival> taken, int number) {
        List<Instant> times = lefts.stream()
                .map(name -> Instant.ofEpochMilli(taken.get(name).time()))
                .toList();
        Trace.Step step = times.isEmpty() ? Trace.Step.UNMATCHED : Trace.Step.COMPLETE;
        Instant time = Instant.ofEpochMilli(right.time());
        return new Trace(step, Side.RIGHT, time, "", 0, times, END, Instant.ofEpochMilli(number));
    }
}
