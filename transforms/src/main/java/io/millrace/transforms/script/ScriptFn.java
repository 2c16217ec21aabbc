package io.millrace.transforms.script;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptEngines;
import io.millrace.transforms.script.engine.ScriptInput;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Carries events to a script, and what it made of them to outputs and metrics. Counts once a bundle. */
final class ScriptFn extends DoFn<Event, Event> {
    private static final long serialVersionUID = 1;

    private final Script script;
    private final ScriptLimits limits;
    private final String route;
    private final RouteMetrics metrics;
    private final String version;

    private transient @Nullable CompiledScript compiled;
    private transient long filtered;
    private transient long added;

    ScriptFn(Script script, ScriptLimits limits, String pipeline, String route) {
        this.script = script;
        this.limits = limits;
        this.route = route;
        this.metrics = RouteMetrics.of(pipeline, route);
        this.version = script.version();
    }

    @Setup
    public void setUp() {
        compiled = ScriptEngines.of(script.language()).compile(script, limits);
    }

    @StartBundle
    public void startBundle() {
        filtered = 0;
        added = 0;
    }

    @ProcessElement
    public void process(@Element Event event, @Timestamp Instant time, MultiOutputReceiver out) {
        try {
            List<byte[]> results = requireNonNull(compiled).run(new ScriptInput(event, millis(time), version));
            filtered += results.isEmpty() ? 1 : 0;
            added += Math.max(0, results.size() - 1);
            for (int ordinal = 0; ordinal < results.size(); ordinal++) {
                out.get(RunScript.RESULTS)
                        .output(Event.of(
                                event.id().madeBy(route, ordinal), event.key(), results.get(ordinal), event.headers()));
            }
        } catch (ScriptFailure e) {
            giveUp(event, e.reason(), requireNonNull(e.getMessage()), time, out);
        }
    }

    private void giveUp(Event event, Reason reason, String message, Instant time, MultiOutputReceiver out) {
        metrics.countDeadLetter(reason);
        out.get(RunScript.DEAD_LETTERS).output(new DeadLetter(event, route, RunScript.STEP, reason, message, time));
    }

    private static long millis(Instant time) {
        return time.equals(DeadLetter.NO_TIME) ? ScriptInput.NO_TIMESTAMP : time.getMillis();
    }

    @FinishBundle
    public void finishBundle() {
        metrics.countFiltered(filtered);
        metrics.countAdded(added);
    }

    @Teardown
    public void close() {
        if (compiled != null) {
            compiled.close();
        }
    }
}
