package io.millrace.pipelines.router;

import io.millrace.io.source.ComputedTime;
import io.millrace.pipelines.join.JoinEvents;
import io.millrace.pipelines.view.ViewEvents;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.event.StoredDeadLetter;
import io.millrace.transforms.expression.EvaluationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of the stored dead letters of an event, however often they were stored, what is to go on: the event, or results of it, at its
 * time.
 */
final class RestoreFn extends DoFn<KV<String, Iterable<byte[]>>, Event> {
    /** Events that go through the route again. */
    static final TupleTag<Event> EVENTS = new TupleTag<>("events");
    /** What the route's filter and projection made, which goes to its script again. */
    static final TupleTag<Event> ROUTED = new TupleTag<>("routed");
    /** Results of the route, which go to its sink again. */
    static final TupleTag<Event> RESULTS = new TupleTag<>("results");
    /** Events that still have no time. They name no route. */
    static final TupleTag<DeadLetter> WITHOUT_TIME = new TupleTag<>("withoutTime");

    private static final long serialVersionUID = 1;

    private static final Logger LOG = LoggerFactory.getLogger(RestoreFn.class);

    private final RouteMetrics metrics;
    private final List<SourceAgain> sources;
    private final boolean mayBeReplaced;

    /**
     * Restores what a route gave up.
     *
     * @param sources where its events can be read again; none where they were never read, but made
     * @param mayBeReplaced whether what was given up can be a result that another has taken the place of
     */
    RestoreFn(RouteMetrics metrics, List<SourceAgain> sources, boolean mayBeReplaced) {
        this.metrics = metrics;
        this.sources = List.copyOf(sources);
        this.mayBeReplaced = mayBeReplaced;
    }

    @ProcessElement
    public void process(@Element KV<String, Iterable<byte[]>> stored, MultiOutputReceiver out) throws IOException {
        GivenUp givenUp = GivenUp.of(stored.getValue());
        if (mayBeReplaced) {
            givenUp.letters()
                    .forEach(letter -> leave(
                            letter.deadLetter(),
                            "its join has emit: match, so another result may have taken the place of this one"));
            return;
        }
        Optional<DeadLetter> whole = givenUp.event().or(() -> givenUp.omitted().flatMap(this::readAgain));
        if (whole.filter(ViewEvents::isOfChange).isPresent()) {
            leave(whole.get(), "it changes a view, which is kept by the job alone: write it to its source again");
        } else if (sources.isEmpty() && whole.filter(JoinEvents::isOfSource).isPresent()) {
            leave(whole.get(), "it is an event of a join, which alone is not joined with anything");
        } else if (whole.isPresent()) {
            restore(whole.get(), out);
        } else {
            givenUp.allOmitted()
                    .forEach(omitted -> leave(omitted, "its value was too large for it, and is gone from the source"));
            givenUp.resumed().forEach(one -> sendAgain(one, out));
        }
    }

    /** What is read again is the event as it was, also where the dead letter is of something that the route made of it. */
    private Optional<DeadLetter> readAgain(DeadLetter deadLetter) {
        if (sources.isEmpty()) {
            return Optional.empty();
        }
        Origin origin = deadLetter.event().id().origin();
        try {
            return source(origin).event(origin).map(deadLetter::ofEvent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void leave(DeadLetter deadLetter, String why) {
        LOG.warn("dead letter {} stays as it is: {}", deadLetter.id(), why);
        metrics.countIn(1);
        metrics.countDeadLetter(deadLetter.reason());
    }

    private SourceAgain source(Origin origin) {
        return sources.size() == 1
                ? sources.get(0)
                : sources.stream()
                        .filter(source -> source.has(origin))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "origin must be of one of the route's sources, but was of " + origin.stream()));
    }

    private void sendAgain(DeadLetter deadLetter, MultiOutputReceiver out) {
        metrics.countIn(1);
        out.get(deadLetter.step().equals(StoredDeadLetter.SINK) ? RESULTS : ROUTED)
                .outputWithTimestamp(deadLetter.event(), deadLetter.eventTime());
    }

    @Teardown
    public void close() throws IOException {
        for (SourceAgain source : sources) {
            source.close();
        }
    }

    /** At the time that the spec computes, as it is now; without such an expression at the time that the event had. */
    private void restore(DeadLetter deadLetter, MultiOutputReceiver out) {
        Event event = deadLetter.event();
        try {
            Instant time = sources.isEmpty()
                    ? deadLetter.eventTime()
                    : source(event.id().origin()).time(event, deadLetter.eventTime());
            out.get(EVENTS).outputWithTimestamp(event, time);
        } catch (EvaluationException e) {
            out.get(WITHOUT_TIME).output(ComputedTime.withoutTime(event, e));
        }
    }
}
