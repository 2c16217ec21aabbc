package io.millrace.pipelines.join.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.transforms.joiner.Side;
import io.millrace.transforms.joiner.Trace;
import io.millrace.transforms.joiner.Trace.Step;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;

/**
 * A trace as a document. Times are RFC 3339, and the watermark is {@code start} before the first one, and {@code end} after the last.
 *
 * @param join the name of the join that tells it
 * @param key the key of which it tells
 * @param trace what became of it
 */
public record TraceDocument(String join, String key, Trace trace) {
    /** The order of the workers' clocks; of one moment, what came is before what left. */
    static final Comparator<Trace> ORDER = Comparator.comparing(Trace::at)
            .thenComparing(Trace::step)
            .thenComparing(Trace::time)
            .thenComparing(Trace::side)
            .thenComparing(Trace::id);

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * Reads a document.
     *
     * @throws IllegalArgumentException if it is no trace
     */
    public static TraceDocument parse(byte[] json) {
        JsonNode document = read(json);
        Trace trace = new Trace(
                word(Step.class, "step", document),
                word(Side.class, "side", document),
                time("time", document),
                text("id", document),
                document.path("bytes").asInt(),
                times(document.path("lefts")),
                time("watermark", document),
                time("at", document));
        return new TraceDocument(text("join", document), text("key", document), trace);
    }

    /** The document. */
    public byte[] json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("join", join);
        fields.put("key", key);
        fields.put("step", Words.word(trace.step()));
        fields.put("side", Words.word(trace.side()));
        fields.put("time", text(trace.time()));
        fields.put("id", trace.id());
        fields.put("bytes", trace.bytes());
        fields.put("lefts", trace.lefts().stream().map(TraceDocument::text).toList());
        fields.put("watermark", text(trace.watermark()));
        fields.put("at", text(trace.at()));
        try {
            return JSON.writeValueAsBytes(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Instant time) {
        return Words.time(time.getMillis());
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("it must be a JSON document", e);
        }
    }

    private static String text(String field, JsonNode document) {
        JsonNode text = document.path(field);
        if (!text.isTextual()) {
            throw new IllegalArgumentException(
                    field + " must be a text, but was " + (text.isMissingNode() ? "missing" : text));
        }
        return text.textValue();
    }

    private static <E extends Enum<E>> E word(Class<E> of, String field, JsonNode document) {
        String text = text(field, document);
        List<String> words =
                Arrays.stream(of.getEnumConstants()).map(Words::word).toList();
        if (!words.contains(text)) {
            throw new IllegalArgumentException(
                    field + " must be one of " + String.join(", ", words) + ", but was " + text);
        }
        return of.getEnumConstants()[words.indexOf(text)];
    }

    private static List<Instant> times(JsonNode lefts) {
        List<Instant> times = new ArrayList<>();
        lefts.forEach(left -> times.add(time("lefts", left.asText())));
        return times;
    }

    private static Instant time(String field, JsonNode document) {
        return time(field, text(field, document));
    }

    private static Instant time(String field, String text) {
        if (text.equals("start")) {
            return BoundedWindow.TIMESTAMP_MIN_VALUE;
        }
        if (text.equals("end")) {
            return GlobalWindow.INSTANCE.maxTimestamp();
        }
        try {
            return Instant.ofEpochMilli(java.time.Instant.parse(text).toEpochMilli());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(field + " must be a time, start or end, but was " + text, e);
        }
    }
}
