package io.millrace.pipelines.join.trace;

import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.devinterface.spec.SpecProblems;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.transforms.joiner.Side;
import io.millrace.transforms.joiner.Trace;
import io.millrace.transforms.joiner.Trace.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;

/** Traces of a key as a join tells them, a second after one another by the clock, of 2026-01-01; and specs of joins. */
final class Told {
    private static final Instant START = BoundedWindow.TIMESTAMP_MIN_VALUE;
    private static final Instant END = GlobalWindow.INSTANCE.maxTimestamp();

    final List<Trace> traces = new ArrayList<>();
    private Instant watermark = START;

    /** The join of a spec with these settings besides its sources and keys. */
    static JoinSpec join(String left, String right, String... settings) {
        String spec = """
                name: told
                sources:
                  shown: {files: {path: shown, stream: shown}, eventTime: event.ts}
                  played: {files: {path: played, stream: played}, eventTime: event.ts}
                joins:
                  led:
                    left: {from: shown, key: event.key${left}}
                    right: {from: played, key: event.key${right}}
                ${settings}
                routes:
                  - {name: all, from: [led], sink: none}
                """.replace("${left}", left.isEmpty() ? "" : ", " + left)
                .replace("${right}", right.isEmpty() ? "" : ", " + right)
                .replace("${settings}", "    " + String.join("\n    ", settings));
        try {
            return SpecReader.read(spec, Target.LOCAL)
                    .namedJoins()
                    .values()
                    .iterator()
                    .next();
        } catch (SpecProblems e) {
            throw new IllegalArgumentException(e);
        }
    }

    static long at(String time) {
        return java.time.Instant.parse("2026-01-01T" + time + "Z").toEpochMilli();
    }

    /** From here on the watermark stands there. */
    Told watermark(String time) {
        watermark = Instant.ofEpochMilli(at(time));
        return this;
    }

    Told end() {
        watermark = END;
        return this;
    }

    Told left(String id, String time) {
        return add(Step.TAKEN, Side.LEFT, time, id, 100);
    }

    Told right(String id, String time) {
        return add(Step.TAKEN, Side.RIGHT, time, id, 10);
    }

    Told refused(Step step, Side side, String id, String time) {
        return add(step, side, time, id, 0);
    }

    Told joined(Step step, String time, String... lefts) {
        return add(step, Side.RIGHT, time, "", 0, lefts);
    }

    Told left(Step step, String time) {
        return add(step, Side.LEFT, time, "", 0);
    }

    private Told add(Step step, Side side, String time, String id, int bytes, String... lefts) {
        List<Instant> times =
                Arrays.stream(lefts).map(left -> Instant.ofEpochMilli(at(left))).toList();
        Instant clock = Instant.parse("2026-01-02T00:00:00Z").plus(traces.size() * 1000L);
        traces.add(new Trace(step, side, Instant.ofEpochMilli(at(time)), id, bytes, times, watermark, clock));
        return this;
    }

    /** What is said of the key, without the table, and with the times of the day alone. */
    List<String> explained(JoinSpec join) {
        List<String> lines = ExplanationText.of("led", explanation(join));
        return lines.subList(traces.size() + 3, lines.size()).stream()
                .filter(line -> !line.isEmpty())
                .map(line -> line.replace("2026-01-01T", ""))
                .toList();
    }

    KeyExplanation explanation(JoinSpec join) {
        return KeyExplanation.of("k", join, traces, watermark.getMillis());
    }
}
