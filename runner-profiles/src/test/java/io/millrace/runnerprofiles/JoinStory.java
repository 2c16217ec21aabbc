package io.millrace.runnerprofiles;

import static java.util.Objects.requireNonNull;

import io.millrace.testfixtures.join.JoinCase;
import io.millrace.testfixtures.join.JoinCase.Arrival;
import io.millrace.testfixtures.join.JoinCase.Step;
import io.millrace.testfixtures.join.JoinCase.Watermark;
import io.millrace.testfixtures.join.JoinOracle;
import io.millrace.testfixtures.join.Names;
import io.millrace.transforms.joiner.Attribution;
import io.millrace.transforms.joiner.JoinStreams;
import io.millrace.transforms.joiner.JoinType;
import io.millrace.transforms.joiner.Joined;
import io.millrace.transforms.joiner.JoinedStreams;
import io.millrace.transforms.joiner.Refused;
import io.millrace.transforms.joiner.Side;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Instant;

/** Runs a {@link JoinCase} with {@link JoinStreams}, and tells what left as {@link JoinOracle} does. */
final class JoinStory {
    private static final Map<String, Queue<String>> RESULTS = new ConcurrentHashMap<>();

    private JoinStory() {}

    /** What left, sorted. */
    static List<String> results(JoinCase join, PipelineOptions options) {
        String run = UUID.randomUUID().toString();
        RESULTS.put(run, new ConcurrentLinkedQueue<>());
        Pipeline pipeline = Pipeline.create(options);
        build(pipeline, join, run);
        pipeline.run().waitUntilFinish();
        return requireNonNull(RESULTS.remove(run)).stream().sorted().toList();
    }

    private static void build(Pipeline pipeline, JoinCase join, String run) {
        PCollection<String> all = pipeline.apply(stream(join));
        PCollection<KV<String, String>> rights = side("right", all);
        JoinedStreams<String, String, String, String, String> joined =
                side("left", all).apply("Join", join(join, rights));
        joined.joined().apply("Joined", ParDo.of(new JoinedFn(run)));
        joined.unmatchedLeft().apply("Left", ParDo.of(new LeftFn(run)));
        joined.unmatchedRight().apply("Right", ParDo.of(new RightFn(run)));
        joined.deadLetters().apply("DeadLetters", ParDo.of(new LateFn(run)));
    }

    private static JoinStreams<String, String, String, String, String> join(
            JoinCase join, PCollection<KV<String, String>> rights) {
        JoinStreams<String, String, String, String, String> all = JoinStreams.<String, String, String>with(rights)
                .withRightLookback(Duration.ofMillis(join.leftFirst()))
                .withRightWait(Duration.ofMillis(join.rightFirst()))
                .withAllowedLateness(Duration.ofMillis(join.allowedLateness()))
                .withLeftId(name -> name)
                .withRightId(name -> name)
                .reduceLeft(new Names(), Duration.ofMillis(join.leftGranule()))
                .reduceRight(new Names(), Duration.ofMillis(join.rightGranule()))
                .withJoinType(JoinType.FULL_OUTER)
                .withAttribution(attribution(join));
        return join.creditsOnce() ? all.creditingEachLeftOnce() : all;
    }

    private static Attribution<String, String> attribution(JoinCase join) {
        return switch (join.credit()) {
            case ALL -> Attribution.all();
            case FIRST -> Attribution.first();
            case LAST -> Attribution.last();
        };
    }

    private static TestStream<String> stream(JoinCase join) {
        TestStream.Builder<String> stream = TestStream.create(StringUtf8Coder.of());
        for (Step step : join.steps()) {
            if (step instanceof Arrival arrival) {
                Instant time = Instant.ofEpochMilli(arrival.time());
                stream = stream.addElements(TimestampedValue.of(arrival.text(), time));
            } else if (step instanceof Watermark watermark) {
                stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(watermark.time()));
            }
        }
        return stream.advanceWatermarkToInfinity();
    }

    private static PCollection<KV<String, String>> side(String side, PCollection<String> all) {
        return all.apply(side + "Only", Filter.by(text -> text.startsWith(side)))
                .apply(
                        side + "ByKey",
                        MapElements.into(TypeDescriptors.kvs(TypeDescriptors.strings(), TypeDescriptors.strings()))
                                .via(text -> KV.of(
                                        Arrival.parse(text).key(),
                                        Arrival.parse(text).name())))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()));
    }

    /** Keeps what it makes of elements. */
    private abstract static class KeepFn<T> extends DoFn<T, Void> {
        private static final long serialVersionUID = 1;

        private final String run;

        KeepFn(String run) {
            this.run = run;
        }

        void keep(String result) {
            requireNonNull(RESULTS.get(run)).add(result);
        }
    }

    private static final class JoinedFn extends KeepFn<KV<String, Joined<String, String>>> {
        private static final long serialVersionUID = 1;

        JoinedFn(String run) {
            super(run);
        }

        @ProcessElement
        public void process(@Element KV<String, Joined<String, String>> element, @Timestamp Instant time) {
            Joined<String, String> joined = element.getValue();
            keep("joined " + element.getKey() + " " + joined.right() + "@" + time.getMillis() + " [" + joined.left()
                    + "]");
        }
    }

    private static final class LeftFn extends KeepFn<KV<String, TimestampedValue<String>>> {
        private static final long serialVersionUID = 1;

        LeftFn(String run) {
            super(run);
        }

        @ProcessElement
        public void process(@Element KV<String, TimestampedValue<String>> element) {
            for (String name : element.getValue().getValue().split("\\+", -1)) {
                keep("left " + element.getKey() + " " + name);
            }
        }
    }

    private static final class RightFn extends KeepFn<KV<String, String>> {
        private static final long serialVersionUID = 1;

        RightFn(String run) {
            super(run);
        }

        @ProcessElement
        public void process(@Element KV<String, String> element, @Timestamp Instant time) {
            keep("right " + element.getKey() + " " + element.getValue() + "@" + time.getMillis());
        }
    }

    private static final class LateFn extends KeepFn<KV<String, Refused<String, String>>> {
        private static final long serialVersionUID = 1;

        LateFn(String run) {
            super(run);
        }

        @ProcessElement
        public void process(@Element KV<String, Refused<String, String>> element, @Timestamp Instant time) {
            Refused<String, String> late = element.getValue();
            boolean isLeft = late.side() == Side.LEFT;
            String name = requireNonNull(isLeft ? late.left() : late.right());
            keep(new Arrival(isLeft, element.getKey(), time.getMillis(), name).late());
        }
    }
}
