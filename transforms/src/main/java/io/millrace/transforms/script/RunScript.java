package io.millrace.transforms.script;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetterCoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.script.engine.ScriptEngines;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * What a user's script makes of each event; and as dead letters the events on which it failed.
 *
 * <p><i>Shape</i>: {@code PCollection<Event>}, bounded or not, in any windows, to a {@link Scripted}: results and dead letters. The
 * script filters, maps or multiplies; key and headers of an event pass on to its results.
 *
 * <p><i>Time</i>: timestamps, windows and panes pass on; nothing is held back.
 *
 * <p><i>State</i>: none, in the job or in the script.
 *
 * <p><i>Guarantee</i>: the same event gives the same results in every run. A result has the identity of its event with this step's name
 * and its place among the results of that event. A script that uses more than its {@link ScriptLimits} costs its own event alone.
 *
 * <p><i>Fails</i>: a script that does not compile is refused when the transform is made. An event on which it fails is a dead letter,
 * {@code scriptFailed}; one for which it uses too much, {@code scriptLimit}; one whose value is no JSON object, {@code notJson}.
 *
 * <pre>{@code
 * Scripted scripted = events.apply(RunScript.of(Script.javascript(
 *     "function filter(event) { return event.duration_s > 60 }"
 *     + "function map(event) { return { title: event.title_id, minutes: event.duration_s / 60 } }")));
 * PCollection<Event> results = scripted.results();
 * }</pre>
 */
public final class RunScript extends PTransform<PCollection<Event>, Scripted> {
    private static final long serialVersionUID = 1;

    /** The name of the step within a route, as dead letters give it. */
    public static final String STEP = "script";

    static final TupleTag<Event> RESULTS = new TupleTag<>("results");
    static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters");

    private final Script script;
    private final ScriptLimits limits;
    private final String pipeline;
    private final String route;

    private RunScript(Script script, ScriptLimits limits, String pipeline, String route) {
        this.script = script;
        this.limits = limits;
        this.pipeline = pipeline;
        this.route = route;
    }

    /** Runs a script. */
    public static RunScript of(Script script) {
        ScriptEngines.of(script.language())
                .compile(script, ScriptLimits.DEFAULT)
                .close();
        return new RunScript(script, ScriptLimits.DEFAULT, STEP, STEP);
    }

    /** The same, with other limits. */
    public RunScript withLimits(ScriptLimits limits) {
        return new RunScript(script, limits, pipeline, route);
    }

    /** The same, as part of a route of a pipeline: the route's name stands in results' identities, dead letters and metrics. */
    public RunScript ofRoute(String pipeline, String route) {
        checkArgument(!route.isEmpty(), "route must not be empty");
        return new RunScript(script, limits, pipeline, route);
    }

    @Override
    public Scripted expand(PCollection<Event> events) {
        PCollectionTuple outputs = events.apply(
                "Run",
                ParDo.of(new ScriptFn(script, limits, pipeline, route))
                        .withOutputTags(RESULTS, TupleTagList.of(DEAD_LETTERS)));
        return new Scripted(
                outputs.get(RESULTS).setCoder(EventCoder.of()),
                outputs.get(DEAD_LETTERS).setCoder(DeadLetterCoder.of()));
    }
}
