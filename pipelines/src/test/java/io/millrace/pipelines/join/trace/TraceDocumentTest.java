package io.millrace.pipelines.join.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.joiner.Side;
import io.millrace.transforms.joiner.Trace;
import io.millrace.transforms.joiner.Trace.Step;
import java.util.List;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;
import org.junit.Test;

public class TraceDocumentTest {
    private static final String ARRIVAL = """
            {"join":"led","key":"p-1/t-2","step":"overLimit","side":"left","time":"2026-01-01T10:00:00.500Z","id":"i-1","bytes":17,
             "lefts":[],"watermark":"start","at":"2026-01-01T10:00:03.000Z"}""";

    @Test
    public void readsAnArrival() {
        assertThat(
                parse(ARRIVAL),
                is(new TraceDocument(
                        "led",
                        "p-1/t-2",
                        new Trace(
                                Step.OVER_LIMIT,
                                Side.LEFT,
                                Instant.parse("2026-01-01T10:00:00.500Z"),
                                "i-1",
                                17,
                                List.of(),
                                BoundedWindow.TIMESTAMP_MIN_VALUE,
                                Instant.parse("2026-01-01T10:00:03.000Z")))));
    }

    @Test
    public void readsAResult() {
        assertThat(
                parse("""
                        {"join":"led","key":"k","step":"complete","side":"right","time":"2026-01-01T10:00:00.000Z","id":"","bytes":0,
                         "lefts":["2026-01-01T09:00:00.000Z","2026-01-01T09:30:00.000Z"],"watermark":"end",
                         "at":"2026-01-01T10:00:03.000Z"}"""),
                is(new TraceDocument(
                        "led",
                        "k",
                        new Trace(
                                Step.COMPLETE,
                                Side.RIGHT,
                                Instant.parse("2026-01-01T10:00:00.000Z"),
                                "",
                                0,
                                List.of(
                                        Instant.parse("2026-01-01T09:00:00.000Z"),
                                        Instant.parse("2026-01-01T09:30:00.000Z")),
                                GlobalWindow.INSTANCE.maxTimestamp(),
                                Instant.parse("2026-01-01T10:00:03.000Z")))));
    }

    @Test
    public void isReadAsItWasWritten() {
        TraceDocument document = parse(ARRIVAL);

        assertThat(
                new String(document.json(), UTF_8),
                is("{\"join\":\"led\",\"key\":\"p-1/t-2\",\"step\":\"overLimit\",\"side\":\"left\","
                        + "\"time\":\"2026-01-01T10:00:00.500Z\",\"id\":\"i-1\",\"bytes\":17,\"lefts\":[],\"watermark\":\"start\","
                        + "\"at\":\"2026-01-01T10:00:03Z\"}"));
        assertThat(TraceDocument.parse(document.json()), is(document));
    }

    @Test
    public void saysWhatIsNoTrace() {
        assertThat(refusal("plays"), is("it must be a JSON document"));
        assertThat(refusal("{}"), is("step must be a text, but was missing"));
        assertThat(
                refusal(ARRIVAL.replace("overLimit", "gone")),
                is("step must be one of taken, duplicate, late, overLimit, noTime, complete, early, correction,"
                        + " retraction, unmatched, forgotten, but was gone"));
        assertThat(refusal(ARRIVAL.replace("\"start\"", "7")), is("watermark must be a text, but was 7"));
        assertThat(
                refusal(ARRIVAL.replace("start", "soon")), is("watermark must be a time, start or end, but was soon"));
    }

    private static TraceDocument parse(String json) {
        return TraceDocument.parse(json.getBytes(UTF_8));
    }

    private static String refusal(String json) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> parse(json)).getMessage());
    }
}
