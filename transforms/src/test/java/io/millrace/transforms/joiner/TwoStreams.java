package io.millrace.transforms.joiner;

import io.millrace.testfixtures.Timeline;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;

/** Impressions and plays of one input: {@code imp a i1} is an impression of the key a, and {@code play a p1} a play of it. */
final class TwoStreams {
    private final PCollection<KV<String, String>> impressions;
    private final PCollection<KV<String, String>> plays;

    TwoStreams(Pipeline pipeline, PTransform<PBegin, PCollection<String>> input) {
        PCollection<String> all = pipeline.apply(input);
        this.impressions = ofKind("imp", all);
        this.plays = ofKind("play", all);
    }

    static Timeline<String> timeline() {
        return Timeline.of(StringUtf8Coder.of());
    }

    private static PCollection<KV<String, String>> ofKind(String kind, PCollection<String> all) {
        return all.apply(kind, Filter.by(text -> text.startsWith(kind + " ")))
                .apply(kind + "ByKey", MapElements.via(new ByKeyFn()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()));
    }

    PCollection<KV<String, String>> impressions() {
        return impressions;
    }

    PCollection<KV<String, String>> plays() {
        return plays;
    }

    /** A join with the plays, not yet with any bounds. */
    JoinStreams<String, String, String, List<String>, String> join() {
        return JoinStreams.with(plays);
    }

    /** Each result as {@code key right left at time}, the time without the zeros at its end, and what it is if it is not the only one. */
    static <LeftT, RightT, L, R> PCollection<String> texts(JoinedStreams<String, LeftT, RightT, L, R> streams) {
        return texts(streams.joined(), new JoinedFn<L, R>());
    }

    /** Each as {@code key left of time at time}. */
    static <LeftT, RightT, L, R> PCollection<String> leftTexts(JoinedStreams<String, LeftT, RightT, L, R> streams) {
        return texts(streams.unmatchedLeft(), new UnmatchedLeftFn<L>());
    }

    /** Each as {@code key right at time}. */
    static <LeftT, RightT, L, R> PCollection<String> rightTexts(JoinedStreams<String, LeftT, RightT, L, R> streams) {
        return texts(streams.unmatchedRight(), new UnmatchedRightFn<R>());
    }

    private static <T> PCollection<String> texts(PCollection<T> elements, DoFn<T, String> fn) {
        return elements.apply("Texts of " + elements.getName(), ParDo.of(fn));
    }

    static String text(Instant time) {
        String full = time.toString().substring(11, 23);
        return full.replaceFirst("(:00)?\\.000$", "");
    }

    private static final class ByKeyFn extends SimpleFunction<String, KV<String, String>> {
        private static final long serialVersionUID = 1;

        @Override
        public KV<String, String> apply(String text) {
            String[] words = text.split(" ");
            return KV.of(words[1], words[2]);
        }
    }

    private static final class JoinedFn<L, R> extends DoFn<KV<String, Joined<L, R>>, String> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(
                @Element KV<String, Joined<L, R>> element, @Timestamp Instant time, OutputReceiver<String> out) {
            Joined<L, R> joined = element.getValue();
            out.output("%s %s %s at %s%s"
                    .formatted(
                            element.getKey(),
                            joined.right(),
                            joined.left(),
                            text(time),
                            switch (joined.stage()) {
                                case COMPLETE -> "";
                                case EARLY -> " early";
                                case CORRECTION -> " corrected";
                                case RETRACTION -> " taken back";
                            }));
        }
    }

    private static final class UnmatchedLeftFn<L> extends DoFn<KV<String, TimestampedValue<L>>, String> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(
                @Element KV<String, TimestampedValue<L>> element, @Timestamp Instant time, OutputReceiver<String> out) {
            TimestampedValue<L> left = element.getValue();
            out.output(element.getKey() + " " + left.getValue() + " of " + text(left.getTimestamp()) + " at "
                    + text(time));
        }
    }

    private static final class UnmatchedRightFn<R> extends DoFn<KV<String, R>, String> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(@Element KV<String, R> element, @Timestamp Instant time, OutputReceiver<String> out) {
            out.output(element.getKey() + " " + element.getValue() + " at " + text(time));
        }
    }
}
