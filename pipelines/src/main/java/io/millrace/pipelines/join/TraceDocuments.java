package io.millrace.pipelines.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.CaseFormat;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.joiner.Trace;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;

/** What became of a key as a document; times are RFC 3339, and the watermark is {@code start} before the first one, and {@code end} after the last. */
final class TraceDocuments {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long END = GlobalWindow.INSTANCE.maxTimestamp().getMillis();

    private TraceDocuments() {}

    static Event event(Origin origin, String join, String key, Trace trace) {
        return Event.of(origin, key.getBytes(UTF_8), json(join, key, trace));
    }

    private static byte[] json(String join, String key, Trace trace) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("join", join);
        fields.put("key", key);
        fields.put(
                "step",
                CaseFormat.UPPER_UNDERSCORE.to(
                        CaseFormat.LOWER_CAMEL, trace.step().name()));
        fields.put(
                "side",
                CaseFormat.UPPER_UNDERSCORE.to(
                        CaseFormat.LOWER_CAMEL, trace.side().name()));
        fields.put("time", text(trace.time()));
        fields.put("id", trace.id());
        fields.put("bytes", trace.bytes());
        fields.put("lefts", trace.lefts().stream().map(TraceDocuments::text).toList());
        fields.put("watermark", text(trace.watermark()));
        fields.put("at", text(trace.at()));
        try {
            return JSON.writeValueAsBytes(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Instant time) {
        if (!time.isAfter(BoundedWindow.TIMESTAMP_MIN_VALUE)) {
            return "start";
        }
        return time.getMillis() >= END ? "end" : time.toString();
    }
}
