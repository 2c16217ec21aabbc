package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.SinkSpec;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetterJson;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Run;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Writes dead letters to their sink, each as one JSON object.
 *
 * <p><i>Fails</i>: a dead letter that the sink refuses fails the job: nothing is lost quietly.
 */
final class WriteDeadLetters extends PTransform<PCollection<DeadLetter>, PDone> {
    private static final long serialVersionUID = 1;

    private final transient SinkSpec<?> sink;
    private final Run run;
    private final List<String> routes;

    private WriteDeadLetters(SinkSpec<?> sink, Run run, List<String> routes) {
        this.sink = sink;
        this.run = run;
        this.routes = routes;
    }

    /** Writes the dead letters of routes to a sink. */
    static WriteDeadLetters to(SinkSpec<?> sink, Run run, List<String> routes) {
        return new WriteDeadLetters(sink, run, routes);
    }

    @Override
    public PDone expand(PCollection<DeadLetter> deadLetters) {
        DeadLetterJson json = DeadLetterJson.of(run).withMaxBytes(sink.maxValueBytes());
        deadLetters
                .apply("to-json", ParDo.of(new ToJsonFn(json)))
                .setCoder(EventCoder.of())
                .apply("write", sink.write(context(run, routes)))
                .apply("none-refused", ParDo.of(new FailFn()));
        return PDone.in(deadLetters.getPipeline());
    }

    /**
     * What the sink is told of the dead letters of routes: they are apart for routes that are jobs of their own, and never have the
     * name of a route.
     */
    static SinkContext context(Run run, List<String> routes) {
        return new SinkContext(run, "dead-letters." + String.join(".", routes), false);
    }

    private static final class ToJsonFn extends DoFn<DeadLetter, Event> {
        private static final long serialVersionUID = 1;

        private final DeadLetterJson json;

        ToJsonFn(DeadLetterJson json) {
            this.json = json;
        }

        @ProcessElement
        public void process(@Element DeadLetter deadLetter, OutputReceiver<Event> out) {
            out.output(json.toEvent(deadLetter));
        }
    }

    private static final class FailFn extends DoFn<DeadLetter, Void> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(@Element DeadLetter refused) {
            throw new IllegalStateException("the sink of dead letters must take every one, but gave up "
                    + refused.event().id() + ": " + refused.message());
        }
    }
}
