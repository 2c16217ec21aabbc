package io.millrace.io.console;

import io.millrace.io.objects.JsonLine;
import io.millrace.io.objects.NotALineException;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.RouteMetrics;
import java.io.IOException;
import java.io.PrintStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/** Events on standard output: {@link #write} prints one line an event. */
public final class ConsoleEvents {
    private ConsoleEvents() {}

    /** Prints a route's events. */
    public static WriteLines write(SinkContext context) {
        return new WriteLines(context);
    }

    /**
     * Prints the value of each event as one line on standard output, and gives back as dead letters those that cannot be a line.
     *
     * <p><i>Shape</i>: Events, bounded or not, of any windowing. The values and nothing else, byte for byte as {@link JsonLine}
     * says, so that the output can be piped on.
     *
     * <p><i>Time</i>: Printed when the bundle ends, or 64 KB are waiting; lines of parallel bundles never mix.
     *
     * <p><i>Guarantee</i>: At least once: after a failure lines are printed again.
     *
     * <p><i>Fails</i>: A null value is a dead letter {@code noValue}; an empty one, or one with line breaks that is not JSON,
     * {@code refused}. Standard output that takes no more, such as a closed pipe, fails the bundle.
     */
    public static final class WriteLines extends PTransform<PCollection<Event>, PCollection<DeadLetter>> {
        private static final long serialVersionUID = 1;

        private final SinkContext context;

        private WriteLines(SinkContext context) {
            this.context = context;
        }

        @Override
        public PCollection<DeadLetter> expand(PCollection<Event> events) {
            return events.apply("Print", ParDo.of(new PrintFn(context)));
        }
    }

    private static final class PrintFn extends DoFn<Event, DeadLetter> {
        private static final long serialVersionUID = 1;
        private static final int MAX_WAITING_BYTES = 1 << 16;

        private final SinkContext context;
        private final RouteMetrics metrics;
        private final Waiting waiting = new Waiting();

        PrintFn(SinkContext context) {
            this.context = context;
            this.metrics = context.metrics();
        }

        @StartBundle
        public void startBundle() {
            waiting.clear();
        }

        @ProcessElement
        public void process(@Element Event event, @Timestamp Instant time, OutputReceiver<DeadLetter> out)
                throws IOException {
            try {
                add(JsonLine.of(event.value()));
            } catch (NotALineException e) {
                metrics.countDeadLetter(e.reason());
                out.output(context.deadLetter(event, e.reason(), e.getMessage(), time));
            }
        }

        @FinishBundle
        public void finishBundle() throws IOException {
            print();
        }

        private void add(byte[] line) throws IOException {
            waiting.add(line);
            if (waiting.sizeBytes() >= MAX_WAITING_BYTES) {
                print();
            }
        }

        private void print() throws IOException {
            PrintStream console = System.out;
            synchronized (console) {
                waiting.writeTo(console);
                console.flush();
            }
            if (console.checkError()) {
                throw new IOException("standard output must take what is printed, but it is closed");
            }
            metrics.countDelivered(waiting.lines());
            waiting.clear();
        }
    }
}
