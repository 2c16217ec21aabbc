package io.millrace.transforms.script;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.script.engine.ScriptInput;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Carries events to a script, and what it made of them to outputs and metrics. Counts once a bundle. */
final class ScriptFn extends DoFn<Event, Event> {
    private static final long serialVersionUID = 1;

    private final Versions versions;
    private final ScriptLimits limits;
    private final String pipeline;
    private final String route;
    private final RouteMetrics metrics;

    private transient Versions.@Nullable InTask inTask;
    private transient long filtered;
    private transient long added;

    ScriptFn(Versions versions, ScriptLimits limits, String pipeline, String route) {
        this.versions = versions;
        this.limits = limits;
        this.pipeline = pipeline;
        this.route = route;
        this.metrics = RouteMetrics.of(pipeline, route);
    }

    @Setup
    public void setUp() throws InterruptedException {
        inTask = versions.open(limits, pipeline, route);
    }

    @StartBundle
    public void startBundle() {
        filtered = 0;
        added = 0;
    }

    @ProcessElement
    public void process(@Element Event event, @Timestamp Instant time, MultiOutputReceiver out)
            throws InterruptedException {
        long millis = millis(time);
        Versions.Version version = requireNonNull(inTask).at(millis);
        try {
            output(event, version.run(event, millis), version, out);
            version.processed(false);
        } catch (ScriptFailure e) {
            giveUp(event, e.reason(), requireNonNull(e.getMessage()), time, out);
            version.processed(e.reason() == Reason.SCRIPT_FAILED || e.reason() == Reason.SCRIPT_LIMIT);
        }
    }

    private void output(Event event, List<byte[]> results, Versions.Version version, MultiOutputReceiver out) {
        if (results.isEmpty()) {
            filtered++;
            return;
        }
        added += results.size() - 1;
        Headers headers = version.mark(event.headers());
        for (int ordinal = 0; ordinal < results.size(); ordinal++) {
            out.get(RunScript.RESULTS)
                    .output(Event.of(event.id().madeBy(route, ordinal), event.key(), results.get(ordinal), headers));
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
        requireNonNull(inTask).finishBundle();
    }

    @Teardown
    public void close() {
        if (inTask != null) {
            inTask.close();
        }
    }
}
