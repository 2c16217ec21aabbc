package io.millrace.benchmarks.view;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.io.sink.SinkContext;
import io.millrace.io.view.ViewStore;
import io.millrace.io.view.WriteView;
import io.millrace.runnerprofiles.JobShape;
import io.millrace.runnerprofiles.RunnerProfile;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.Run;
import io.millrace.transforms.event.SystemClock;
import java.io.IOException;
import java.io.Serializable;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;

/** Titles, one after the other and from the first on again, by {@link WriteView} in a job of this process that has nothing else to do. */
final class WriterLane {
    /** Beam's reader counts for each element of a source; of one there are so many titles. */
    private static final int OF_AN_ELEMENT = 1_000;

    private static final int IN_FLIGHT = 1_000;

    /** When the first title was made, and when the job was done: of the one that runs. */
    private static volatile long firstNanos;

    private static volatile long doneNanos;

    private WriterLane() {}

    /** How many a second are written, of so many. */
    static double setsPerSecond(Titles titles, int sets, ViewStore store) throws IOException {
        firstNanos = 0;
        RunnerProfile profile = RunnerProfile.FLINK_LOCAL;
        Pipeline pipeline =
                Pipeline.create(profile.options(new JobShape("writer", true, true), List.of("--parallelism=1")));
        SinkContext context = new SinkContext(new Run("writer", "", "benchmark", 0), "cache", false);
        pipeline.apply("Numbers", GenerateSequence.from(0).to(sets / OF_AN_ELEMENT))
                .apply("Titles", ParDo.of(new TitleFn(titles)))
                .setCoder(EventCoder.of())
                .apply(
                        "Write",
                        WriteView.to(store, context, "version", IN_FLIGHT).withClock(new OpenForLong()));
        profile.launcher().start(pipeline).waitUntilFinish();
        return sets * 1e9 / (doneNanos - firstNanos);
    }

    /** A writer compares versions in its first minute: by this clock it was opened long ago. */
    private static final class OpenForLong extends Clock implements Serializable {
        private static final long serialVersionUID = 1;

        private transient boolean isOpen;

        @Override
        public Instant instant() {
            Instant now = isOpen ? SystemClock.utc().instant() : Instant.EPOCH;
            isOpen = true;
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("this clock has one zone");
        }
    }

    private static final class TitleFn extends DoFn<Long, Event> {
        private static final long serialVersionUID = 1;

        private final Titles titles;

        TitleFn(Titles titles) {
            this.titles = titles;
        }

        @ProcessElement
        public void process(@Element Long number, OutputReceiver<Event> out) {
            if (firstNanos == 0) {
                firstNanos = System.nanoTime();
            }
            long first = number * OF_AN_ELEMENT;
            for (long set = first; set < first + OF_AN_ELEMENT; set++) {
                int title = (int) (set % titles.number());
                ResultId id = ResultId.of(new Origin("titles", 0, set));
                byte[] key = Titles.key(title).getBytes(US_ASCII);
                out.output(Event.of(id, key, Probe.bytes(titles.value(title)), Headers.empty()));
            }
        }

        @Teardown
        public void done() {
            doneNanos = System.nanoTime();
        }
    }
}
