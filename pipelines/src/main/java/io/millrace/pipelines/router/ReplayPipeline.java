package io.millrace.pipelines.router;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;
import static org.apache.beam.sdk.transforms.windowing.TimestampCombiner.EARLIEST;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.io.files.FileEvents;
import io.millrace.io.files.FileSource;
import io.millrace.pipelines.enrich.ChangelogReads;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetterCoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.event.Run;
import io.millrace.transforms.router.Routed;
import io.millrace.transforms.script.RunScript;
import io.millrace.transforms.script.Scripted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Reads stored dead letters of one route, and runs the events through that route again, as the spec has it now.
 *
 * <p><i>Shape</i>: a whole pipeline, bounded. What the route's filter, lookups, projection or key gave up goes through the whole route again; what
 * its script gave up, through the script; what its sink gave up, a result of the route, to the sink.
 *
 * <p><i>Time</i>: an event has the time that the spec's {@code eventTime} computes, or else the one that it had.
 *
 * <p><i>Guarantee</i>: each event once, however often its dead letter was stored, and with the identity that it had: so a sink that
 * has its result already shows it once. Where several steps gave up an event, or results of it, it goes on from the first of them, since
 * what that makes of it has the others' again. What is given up again is a dead letter of the same identity.
 *
 * <p>A value that was too large for its dead letter is read again from the source, by its origin, and goes through the whole route. One
 * that is gone from there stays the dead letter that it is; and so does an event that could not be joined, and a result of a join that was
 * too large.
 *
 * <p><i>Fails</i>: where a line is no dead letter, or is one of another source.
 */
public final class ReplayPipeline extends PTransform<PBegin, PDone> {
    private static final long serialVersionUID = 1;

    private final transient RouterSpec spec;
    private final Run run;
    private final String path;
    private final String scriptVersion;

    private ReplayPipeline(RouterSpec spec, Run run, String path, String scriptVersion) {
        this.spec = spec;
        this.run = run;
        this.path = path;
        this.scriptVersion = scriptVersion;
    }

    /**
     * The pipeline that replays what is stored at a path, for a spec of one route.
     *
     * @param scriptVersion the version of a script that has versions; empty for those in force at the events' times
     */
    static ReplayPipeline of(RouterSpec spec, Run run, String path, String scriptVersion) {
        checkArgument(spec.routes().size() == 1, "routes must be one, but were %s", spec.routeNames());
        return new ReplayPipeline(spec, run, path, scriptVersion);
    }

    @Override
    public PDone expand(PBegin begin) {
        Outputs outputs = new Outputs(spec, run);
        RouteSpec route = spec.routes().get(0);
        PCollectionTuple restored = restore(begin, route.name());
        Routed routed = restored.get(RestoreFn.EVENTS)
                .setCoder(EventCoder.of())
                .apply("routes", outputs.routes(spec.routes(), HandedOver.NOTHING));
        List<PCollection<DeadLetter>> deadLetters = new ArrayList<>();
        deadLetters.add(routed.deadLetters());
        PCollection<Event> made = PCollectionList.of(
                        new RouteLookups(outputs, route, ChangelogReads.TO_THE_END, deadLetters)
                                .answered(routed.route(route.name())))
                .and(restored.get(RestoreFn.ROUTED).setCoder(EventCoder.of()))
                .apply("all-routed", Flatten.pCollections());
        PCollection<Event> results = PCollectionList.of(scripted(route, made, deadLetters))
                .and(restored.get(RestoreFn.RESULTS).setCoder(EventCoder.of()))
                .apply("all-results", Flatten.pCollections());
        deadLetters.add(outputs.write(route, results));
        deadLetters.add(restored.get(RestoreFn.WITHOUT_TIME)
                .setCoder(DeadLetterCoder.of())
                .apply("unread", ParDo.of(new OfEachRouteFn(spec.name(), spec.routeNames(), HandedOver.NOTHING))));
        outputs.writeDeadLetters(deadLetters);
        return PDone.in(begin.getPipeline());
    }

    private PCollection<Event> scripted(
            RouteSpec route, PCollection<Event> events, List<PCollection<DeadLetter>> deadLetters) {
        Optional<RunScript> script =
                Reads.ANEW.with(Scripts.AGAIN).by(scriptVersion).script(spec, route);
        if (script.isEmpty()) {
            return events;
        }
        Scripted scripted = events.apply("script-" + route.name(), script.get());
        deadLetters.add(scripted.deadLetters());
        return scripted.results();
    }

    private PCollectionTuple restore(PBegin begin, String route) {
        RestoreFn restore = new RestoreFn(
                RouteMetrics.of(spec.name(), route),
                spec.readsDerived(spec.routes().get(0))
                        ? List.of()
                        : Sources.again(spec.namedSources().values()),
                spec.readsResultsOnMatch(spec.routes().get(0)));
        return begin.apply("dead-letters-stored", FileEvents.read(new FileSource(path)))
                .events()
                .apply("of-this-route", ParDo.of(new OfRouteFn(route)))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), ByteArrayCoder.of()))
                .apply(
                        "before-all-times",
                        Window.<KV<String, byte[]>>configure().withTimestampCombiner(EARLIEST))
                .apply("once", GroupByKey.create())
                .apply(
                        "restore",
                        ParDo.of(restore)
                                .withOutputTags(
                                        RestoreFn.EVENTS,
                                        TupleTagList.of(RestoreFn.ROUTED)
                                                .and(RestoreFn.RESULTS)
                                                .and(RestoreFn.WITHOUT_TIME)));
    }

    /** Picks a route's dead letters, by the event that was given up, or results of it; not records of changelogs, which are no events. */
    private static final class OfRouteFn extends DoFn<Event, KV<String, byte[]>> {
        private static final long serialVersionUID = 1;

        private final String route;

        OfRouteFn(String route) {
            this.route = route;
        }

        @ProcessElement
        public void process(@Element Event line, OutputReceiver<KV<String, byte[]>> out) {
            byte[] json = requireNonNull(line.value());
            DeadLetter deadLetter = StoredDeadLetters.parse(line).deadLetter();
            if (deadLetter.route().equals(route) && !ChangelogReads.isOfChangelog(deadLetter)) {
                out.output(KV.of(deadLetter.event().id().madeBy(route).toString(), json));
            }
        }
    }
}
