package io.millrace.pipelines.view;

import static java.util.Objects.requireNonNull;

import io.millrace.devinterface.spec.ViewControlSpec;
import io.millrace.devinterface.spec.ViewPublishSpec;
import io.millrace.devinterface.spec.ViewSpec;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.source.EventTimes;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetterCoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.event.Run;
import io.millrace.transforms.view.Materialize;
import io.millrace.transforms.view.MaterializedView;
import io.millrace.transforms.view.Refused;
import io.millrace.transforms.view.ViewAnswer;
import io.millrace.transforms.view.ViewRequest;
import io.millrace.transforms.view.ViewRequestCoder;
import io.millrace.transforms.view.ViewUpdate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keys of a view are from now on, as a view of a spec says, of the events of each of its changes: {@link #UPDATES} and, of no route yet, {@link
 * #DEAD_LETTERS}.
 *
 * <p><i>Guarantee</i>: of one key events come in the order in which they hold. Each is known by a number of its own, which says nothing of what it
 * was made of; so a run that is made again gives other ones.
 */
public final class ViewEvents extends PTransform<PCollectionList<Event>, PCollectionTuple> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(ViewEvents.class);

    /** What keys are from now on. */
    public static final TupleTag<Event> UPDATES = new TupleTag<>("updates");

    /** The events, and the entries of full publishes, that are not in the view. */
    public static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters");

    private static final String NO_ROUTE = "";
    private static final String STEP = "view";

    private final transient ViewSpec spec;
    private final Run run;
    private final String name;
    private final boolean asksNobody;

    private ViewEvents(Run run, String name, ViewSpec spec, boolean asksNobody) {
        this.run = run;
        this.name = name;
        this.spec = spec;
        this.asksNobody = asksNobody;
    }

    /**
     * A view of a pipeline's run, by its name.
     *
     * @param asksNobody whether no broker is asked what there is to read
     */
    public static ViewEvents of(Run run, String name, ViewSpec spec, boolean asksNobody) {
        return new ViewEvents(run, name, spec, asksNobody);
    }

    /** Whether a dead letter of a route that reads a view is of an event that changes it, and not of what the view tells. */
    public static boolean isOfChange(DeadLetter deadLetter) {
        return deadLetter.step().equals(STEP);
    }

    @Override
    public PCollectionTuple expand(PCollectionList<Event> changes) {
        MaterializedView<ViewEvent, byte[]> view = changes(changes).apply("View", view(changes.getPipeline()));
        List<PCollection<DeadLetter>> deadLetters = new ArrayList<>();
        deadLetters.add(
                view.refused().apply("Refused", ParDo.of(new RefusedFn())).setCoder(DeadLetterCoder.of()));
        if (spec.control() != null) {
            deadLetters.add(answered(view, spec.control()));
        }
        PCollection<Event> updates = view.updates()
                .apply("Updates", ParDo.of(new UpdateFn(run.pipeline() + "/" + name)))
                .setCoder(EventCoder.of());
        return PCollectionTuple.of(UPDATES, updates)
                .and(DEAD_LETTERS, PCollectionList.of(deadLetters).apply("DeadLetters", Flatten.pCollections()));
    }

    private static PCollection<ViewEvent> changes(PCollectionList<Event> changes) {
        List<PCollection<ViewEvent>> parts = new ArrayList<>();
        for (int part = 0; part < changes.size(); part++) {
            parts.add(changes.get(part)
                    .apply("Changes" + part, ParDo.of(new PartFn(part)))
                    .setCoder(ViewEventCoder.of()));
        }
        return PCollectionList.of(parts).apply("Changes", Flatten.pCollections());
    }

    private Materialize<ViewEvent, byte[]> view(Pipeline pipeline) {
        SpecFold fold = SpecFold.of(name, spec);
        Materialize<ViewEvent, byte[]> view = Materialize.<ViewEvent, byte[]>by(fold, ByteArrayCoder.of())
                .every(spec.every())
                .withFlushRate(spec.flushRate())
                .withRetention(spec.retention())
                .withKeyLimit(spec.keyItems(), spec.keyBytes())
                .named(RouteMetrics.namespace(run.pipeline(), name));
        ViewControlSpec control = spec.control();
        return published(control == null ? view : view.withRequests(requests(pipeline, control)), fold);
    }

    private Materialize<ViewEvent, byte[]> published(Materialize<ViewEvent, byte[]> view, SpecFold fold) {
        ViewPublishSpec publish = spec.publish();
        if (publish == null) {
            return view;
        }
        boolean mustSayVersion = spec.changes().stream().anyMatch(changes -> changes.version() != null);
        Materialize<ViewEvent, byte[]> published = view.withFullPublish(
                        new ViewPublish(publish.from(), spec.changes().size(), mustSayVersion), fold)
                .withPublishLag(publish.lag())
                .withPublishRate(publish.entriesPerSecond());
        return publish.every() == null ? published : published.publishingEvery(publish.every());
    }

    private PCollection<ViewRequest> requests(Pipeline pipeline, ViewControlSpec control) {
        KafkaEvents.Read read = KafkaEvents.read(control.kafka().source()).withEventTimes(EventTimes.ofRecords());
        return pipeline.apply("Control-" + control.kafka().topic(), asksNobody ? read : read.splittingAtOnce())
                .events()
                .apply("Requests", ParDo.of(new RequestFn(name)))
                .setCoder(ViewRequestCoder.of());
    }

    private PCollection<DeadLetter> answered(MaterializedView<ViewEvent, byte[]> view, ViewControlSpec control) {
        SinkContext context = new SinkContext(run, "answers." + name, false);
        return view.answers()
                .apply("Answers", ParDo.of(new AnswerFn(run.pipeline() + "/" + name + "/answers")))
                .setCoder(EventCoder.of())
                .apply("Replies", KafkaEvents.write(control.kafka().replies(), context));
    }

    private static final class PartFn extends DoFn<Event, ViewEvent> {
        private static final long serialVersionUID = 1;

        private final int part;

        PartFn(int part) {
            this.part = part;
        }

        @ProcessElement
        public void process(@Element Event event, OutputReceiver<ViewEvent> out) {
            out.output(new ViewEvent(part, event));
        }
    }

    private static final class RefusedFn extends DoFn<Refused<ViewEvent>, DeadLetter> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(
                @Element Refused<ViewEvent> refused, @Timestamp Instant time, OutputReceiver<DeadLetter> out) {
            out.output(
                    new DeadLetter(refused.event().event(), NO_ROUTE, STEP, refused.reason(), refused.message(), time));
        }
    }

    /** What asks for nothing that can be done is told in the log: nobody listens for an answer to it. */
    private static final class RequestFn extends DoFn<Event, ViewRequest> {
        private static final long serialVersionUID = 1;

        private final String view;

        RequestFn(String view) {
            this.view = view;
        }

        @ProcessElement
        public void process(@Element Event event, OutputReceiver<ViewRequest> out) {
            try {
                ViewRequest request = RequestJson.read(event.value());
                LOG.info("view {} is asked: {}", view, RequestJson.shown(event.value()));
                out.output(request);
            } catch (IOException e) {
                LOG.warn(
                        "view {} cannot do what it is asked: {}: {}",
                        view,
                        e.getMessage(),
                        RequestJson.shown(event.value()));
            }
        }
    }

    /** Numbers what was never read, wherever it is made. */
    private abstract static class NumberingFn<T> extends DoFn<T, Event> {
        private static final long serialVersionUID = 1;

        private final String stream;
        private transient long number;

        NumberingFn(String stream) {
            this.stream = stream;
        }

        @Setup
        public void setUp() {
            number = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE >> 1);
        }

        Origin next() {
            return new Origin(stream, 0, number++);
        }
    }

    private static final class UpdateFn extends NumberingFn<KV<String, ViewUpdate<byte[]>>> {
        private static final long serialVersionUID = 1;

        UpdateFn(String stream) {
            super(stream);
        }

        @ProcessElement
        public void process(@Element KV<String, ViewUpdate<byte[]>> told, OutputReceiver<Event> out) {
            out.output(ViewDocuments.event(next(), requireNonNull(told.getKey()), told.getValue()));
        }
    }

    private static final class AnswerFn extends NumberingFn<ViewAnswer<byte[]>> {
        private static final long serialVersionUID = 1;

        AnswerFn(String stream) {
            super(stream);
        }

        @ProcessElement
        public void process(@Element ViewAnswer<byte[]> answer, OutputReceiver<Event> out) {
            Answer.of(answer).forEach(one -> out.output(Event.of(next(), null, one.json())));
        }
    }
}
