package io.millrace.pipelines.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.devinterface.spec.JoinRatesSpec;
import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.GlobalWindowing;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.joiner.Joined;
import io.millrace.transforms.joiner.JoinedStreams;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TimestampedValue;

/**
 * How many left events of each window were given to a right one, and how many there were.
 *
 * <p>Whether a left event is, is known when no right one can come for it any more. So a count leaves so much behind its window, and the
 * windows that are summed up are the real ones moved by that: nothing is late for them, and the pipeline's clock closes them.
 */
final class Rates {
    private static final Duration BEHIND_THE_LAST = Duration.ofSeconds(1);

    private final String stream;
    private final long window;
    private final long moved;

    /**
     * The rates of a join.
     *
     * @param stream what stands for the source of what is counted, in identities
     */
    Rates(String stream, JoinSpec join, JoinRatesSpec spec) {
        this.stream = stream;
        this.window = spec.window().toMillis();
        this.moved = behind(join).toMillis();
    }

    /** When at the latest a left event is given out, behind its time: a join looks for those that are past a 64th of its bounds later. */
    private static Duration behind(JoinSpec join) {
        Duration granule = join.granule() == null ? Duration.ZERO : join.granule();
        Duration leftFirst = join.leftFirst();
        return leftFirst
                .plus(leftFirst.dividedBy(64))
                .plus(granule)
                .plus(join.allowedLateness())
                .plus(BEHIND_THE_LAST);
    }

    PCollection<Event> of(JoinedStreams<String, Joinable, Joinable, Kept, Kept> joined) {
        PCollection<KV<String, Counts>> given = joined.joined()
                .apply(
                        "RatesGiven",
                        ParDo.of(new CountFn<Joined<Kept, Kept>>(
                                result -> result.left().windows(), true, window + moved)))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), Counts.CODER));
        PCollection<KV<String, Counts>> others = joined.unmatchedLeft()
                .apply(
                        "RatesOthers",
                        ParDo.of(new CountFn<TimestampedValue<Kept>>(
                                left -> left.getValue().windows(), false, window + moved)))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), Counts.CODER));
        return PCollectionList.of(given)
                .and(others)
                .apply("RatesAll", Flatten.pCollections())
                .apply(
                        "RatesWindows",
                        Window.into(FixedWindows.of(millis(window)).withOffset(millis(moved % window))))
                .apply("RatesSum", Combine.perKey(Counts::sum))
                .apply("RatesDocuments", ParDo.of(new DocumentFn(stream, moved)))
                .setCoder(EventCoder.of())
                .apply("RatesGlobal", GlobalWindowing.of());
    }

    private static org.joda.time.Duration millis(long millis) {
        return org.joda.time.Duration.millis(millis);
    }

    /** Counts at the last moment of the moved window, which is behind all that is counted in it. */
    private static final class CountFn<T> extends DoFn<KV<String, T>, KV<String, Counts>> {
        private static final long serialVersionUID = 1;

        private final SerializableFunction<T, List<WindowCount>> windows;
        private final boolean given;
        private final long later;

        CountFn(SerializableFunction<T, List<WindowCount>> windows, boolean given, long later) {
            this.windows = windows;
            this.given = given;
            this.later = later;
        }

        @ProcessElement
        public void process(@Element KV<String, T> lefts, OutputReceiver<KV<String, Counts>> out) {
            for (WindowCount counted : windows.apply(lefts.getValue())) {
                Counts counts = new Counts(counted.count(), given ? counted.count() : 0);
                org.joda.time.Instant at = org.joda.time.Instant.ofEpochMilli(counted.windowStart() + later - 1);
                out.outputWithTimestamp(KV.of(counted.by(), counts), at);
            }
        }
    }

    private static final class DocumentFn extends DoFn<KV<String, Counts>, Event> {
        private static final long serialVersionUID = 1;
        private static final ObjectMapper JSON = new ObjectMapper();

        private final String stream;
        private final long moved;

        DocumentFn(String stream, long moved) {
            this.stream = stream;
            this.moved = moved;
        }

        @ProcessElement
        public void process(@Element KV<String, Counts> counts, IntervalWindow window, OutputReceiver<Event> out)
                throws JsonProcessingException {
            long start = window.start().getMillis() - moved;
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("by", counts.getKey());
            fields.put("from", Instant.ofEpochMilli(start).toString());
            fields.put(
                    "to", Instant.ofEpochMilli(window.end().getMillis() - moved).toString());
            fields.put("left", counts.getValue().lefts());
            fields.put("given", counts.getValue().given());
            fields.put(
                    "rate",
                    (double) counts.getValue().given() / counts.getValue().lefts());
            byte[] key = counts.getKey().getBytes(UTF_8);
            out.output(Event.of(id(counts.getKey(), start), key, JSON.writeValueAsBytes(fields), Headers.empty()));
        }

        /** Made of many events, it is known by what it counts. Times before 1970 are a partition of their own. */
        private ResultId id(String by, long start) {
            return ResultId.of(new Origin(stream + "/" + by, start < 0 ? 1 : 0, Math.abs(start)));
        }
    }
}
