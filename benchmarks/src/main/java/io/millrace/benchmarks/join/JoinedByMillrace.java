package io.millrace.benchmarks.join;

import static java.util.Objects.requireNonNull;

import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.Work;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaSink;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.source.EventTimes;
import io.millrace.runnerprofiles.JobShape;
import io.millrace.runnerprofiles.RunnerProfile;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.Run;
import io.millrace.transforms.joiner.JoinStreams;
import io.millrace.transforms.joiner.Joined;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/** Plays with the impressions that led to them, from Kafka to Kafka, by {@link JoinStreams}. Its argument: the state backend. */
public final class JoinedByMillrace implements Work {
    private static final TupleTag<KV<byte[], byte[]>> IMPRESSIONS = new TupleTag<>("impressions");
    private static final TupleTag<KV<byte[], byte[]>> PLAYS = new TupleTag<>("plays");

    @Override
    public void run(List<String> arguments) throws Exception {
        Assignment assignment = Assignment.parse(arguments);
        Backend backend = Backend.valueOf(arguments.get(Assignment.ARGUMENTS));
        RunnerProfile profile = RunnerProfile.named("flink-local");
        Pipeline pipeline = Pipeline.create(profile.options(new JobShape("join", true, false), backend.beamOptions()));
        build(pipeline, assignment);
        profile.launcher().start(pipeline).waitUntilFinish();
    }

    private static void build(Pipeline pipeline, Assignment assignment) {
        KafkaSource source = KafkaSource.of(assignment.bootstrapServers(), assignment.input());
        EventTimes times = EventTimes.ofRecords().withMaxOutOfOrderness(Views.OUT_OF_ORDER);
        PCollectionTuple views = pipeline.apply("Read", KafkaEvents.read(source).withEventTimes(times))
                .events()
                .apply("Split", ParDo.of(new SplitFn()).withOutputTags(IMPRESSIONS, TupleTagList.of(PLAYS)));
        KvCoder<byte[], byte[]> bytes = KvCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of());
        PCollection<KV<byte[], byte[]>> plays = views.get(PLAYS).setCoder(bytes);
        SinkContext context = new SinkContext(new Run("join", "", "benchmark", 0), "joined", true).inOrder(false);
        views.get(IMPRESSIONS)
                .setCoder(bytes)
                .apply(
                        "Join",
                        JoinStreams.<byte[], byte[], byte[]>with(plays)
                                .withRightLookback(Views.LOOKBACK)
                                .reduceLeft(new Led.ReduceFn()))
                .joined()
                .apply("ToEvents", ParDo.of(new ToEventFn()))
                .setCoder(EventCoder.of())
                .apply(
                        "Write",
                        KafkaEvents.write(KafkaSink.of(assignment.bootstrapServers(), assignment.output()), context));
    }

    private static final class SplitFn extends DoFn<Event, KV<byte[], byte[]>> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(@Element Event event, MultiOutputReceiver out) {
            byte[] value = requireNonNull(event.value());
            TupleTag<KV<byte[], byte[]>> side = value[0] == Views.IMPRESSION ? IMPRESSIONS : PLAYS;
            out.get(side).output(KV.of(requireNonNull(event.key()), value));
        }
    }

    private static final class ToEventFn extends DoFn<KV<byte[], Joined<Led, byte[]>>, Event> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(@Element KV<byte[], Joined<Led, byte[]>> joined, OutputReceiver<Event> out) {
            Joined<Led, byte[]> pair = joined.getValue();
            out.output(Event.of(
                    new Origin("views", 0, 0), joined.getKey(), pair.left().joinedWith(pair.right())));
        }
    }
}
