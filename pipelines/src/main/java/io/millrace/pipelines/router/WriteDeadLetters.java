package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.SinkSpec;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetterJson;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
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
    private final SinkContext context;

    private WriteDeadLetters(SinkSpec<?> sink, SinkContext context) {
        this.sink = sink;
        this.context = context;
    }

    /** Writes dead letters to a sink, which is told this of them. */
    static WriteDeadLetters to(SinkSpec<?> sink, SinkContext context) {
        return new WriteDeadLetters(sink, context);
    }

    @Override
    public PDone expand(PCollection<DeadLetter> deadLetters) {
        DeadLetterJson json = DeadLetterJson.of(context.run()).withMaxBytes(sink.maxValueBytes());
        deadLetters
                .apply("to-json", ParDo.of(new ToJsonFn(json)))
                .setCoder(EventCoder.of())
                .apply("write", sink.write(context))
                .apply("none-refused", ParDo.of(new FailFn()));
        return PDone.in(deadLetters.getPipeline());
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
