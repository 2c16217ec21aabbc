package io.millrace.transforms.script;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetterCoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.script.engine.ScriptEngines;
import io.millrace.transforms.script.version.ControlLog;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * What a user's script makes of each event; and as dead letters the events on which it failed.
 *
 * <p><i>Shape</i>: {@code PCollection<Event>}, bounded or not, in any windows, to a {@link Scripted}: results and dead letters. The
 * script filters, maps or multiplies; key and headers of an event pass on to its results.
 *
 * <p><i>Time</i>: timestamps, windows and panes pass on. With one script nothing is held back. With versions, an event is processed by
 * the one in force at its time, and one without a time by the first; an event that is ahead of what is known of the control log waits up
 * to a second, and all of them until there is a first version.
 *
 * <p><i>State</i>: none, in the job or in the script. With versions, each process keeps the accepted ones in memory, as it read them.
 *
 * <p><i>Guarantee</i>: the same event gives the same results in every run. A result has the identity of its event with this step's name
 * and its place among the results of that event. A script that uses more than its {@link ScriptLimits} costs its own event alone. With
 * versions, {@value #VERSION_HEADER} says which one made a result, and {@value #PROVISIONAL_HEADER} that it is not known
 * whether a rerun would choose the same.
 *
 * <p><i>Fails</i>: a script that does not compile is refused when the transform is made. An event on which it fails is a dead letter,
 * {@code scriptFailed}; one for which it uses too much, {@code scriptLimit}; one whose value is no JSON object, {@code notJson}. A
 * version on which too many events of the last ten minutes fail is withdrawn. The bundle fails where there is no version for five minutes, and the job at its start
 * where there is none of the id of {@link #withVersion}.
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

    /** The header that says by which version a result was made, where versions change; in place of one that the event had. */
    public static final String VERSION_HEADER = "millrace-script";

    /** The header of a result of which it was not known whether its version is the one in force; its value is {@code true}. */
    public static final String PROVISIONAL_HEADER = "millrace-script-provisional";

    /** More than which share of events must fail for a version to be withdrawn, unless it is said. */
    public static final double DEFAULT_WITHDRAWN_SHARE = 0.5;

    /** Of how many events of a task that is the share, unless it is said. */
    public static final int DEFAULT_WITHDRAWN_OVER = 1_000;

    static final TupleTag<Event> RESULTS = new TupleTag<>("results");
    static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters");

    private final Versions versions;
    private final ScriptLimits limits;
    private final String pipeline;
    private final String route;

    private RunScript(Versions versions, ScriptLimits limits, String pipeline, String route) {
        this.versions = versions;
        this.limits = limits;
        this.pipeline = pipeline;
        this.route = route;
    }

    /** Runs a script. */
    public static RunScript of(Script script) {
        ScriptEngines.of(script.language())
                .compile(script, ScriptLimits.DEFAULT)
                .close();
        return new RunScript(new StaticVersion(script), ScriptLimits.DEFAULT, STEP, STEP);
    }

    /**
     * Runs for each event the version of a script that is in force at its time, by the records of a control log.
     *
     * @param log the log
     * @param language the language of all versions
     * @param function the one function that is called, or null for those that a version defines
     */
    public static RunScript versionsFrom(ControlLog log, String language, @Nullable ScriptFunction function) {
        return new RunScript(
                new DynamicVersions(log, language, function, null, DEFAULT_WITHDRAWN_SHARE, DEFAULT_WITHDRAWN_OVER),
                ScriptLimits.DEFAULT,
                STEP,
                STEP);
    }

    /** The same, with this version of the control log for every event, whatever its time. */
    public RunScript withVersion(String id) {
        return new RunScript(dynamic().withFixed(id), limits, pipeline, route);
    }

    /**
     * The same, but for when a version is withdrawn: where more than this share failed of so many events that a task processed one after
     * the other by it, and that are of the last ten minutes by their time.
     */
    public RunScript withWithdrawal(double share, int events) {
        return new RunScript(dynamic().withWithdrawal(share, events), limits, pipeline, route);
    }

    private DynamicVersions dynamic() {
        checkArgument(versions instanceof DynamicVersions, "a script must have versions, but has one text");
        return (DynamicVersions) versions;
    }

    /** The same, with other limits. */
    public RunScript withLimits(ScriptLimits limits) {
        return new RunScript(versions, limits, pipeline, route);
    }

    /** The same, as part of a route of a pipeline: the route's name stands in results' identities, dead letters and metrics. */
    public RunScript ofRoute(String pipeline, String route) {
        checkArgument(!route.isEmpty(), "route must not be empty");
        return new RunScript(versions, limits, pipeline, route);
    }

    @Override
    public Scripted expand(PCollection<Event> events) {
        PCollectionTuple outputs = events.apply(
                "Run",
                ParDo.of(new ScriptFn(versions, limits, pipeline, route))
                        .withOutputTags(RESULTS, TupleTagList.of(DEAD_LETTERS)));
        return new Scripted(
                outputs.get(RESULTS).setCoder(EventCoder.of()),
                outputs.get(DEAD_LETTERS).setCoder(DeadLetterCoder.of()));
    }
}
