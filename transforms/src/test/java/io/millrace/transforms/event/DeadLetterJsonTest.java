package io.millrace.transforms.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import java.util.List;
import org.joda.time.Instant;
import org.junit.Test;

public class DeadLetterJsonTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Run RUN = new Run("play-events", "0123456789abcdef", "3f9c", 2);
    private static final Origin ORIGIN = new Origin("c/plays", 3, 4711);
    private static final DeadLetterJson JSON = DeadLetterJson.of(RUN);

    @Test
    public void writesEverythingThatIsKnown() {
        Headers headers =
                Headers.builder().add("trace", "1").add("trace", (byte[]) null).build();
        Event event = Event.of(ResultId.of(ORIGIN), bytes("p1"), bytes("{\"a\":"), headers);

        assertThat(
                text(JSON.toEvent(letter(event, NOON))),
                is(
                        "{\"dlVersion\":1,\"id\":\"c/plays:3:4711;long-plays/dead-letter;0\",\"pipeline\":\"play-events\","
                                + "\"route\":\"long-plays\",\"step\":\"filter\",\"reason\":\"notJson\","
                                + "\"message\":\"breaks off at byte 5\","
                                + "\"origin\":{\"stream\":\"c/plays\",\"partition\":3,\"offset\":4711},"
                                + "\"eventTime\":\"2026-03-01T12:00:00.000Z\",\"specVersion\":\"0123456789abcdef\",\"epoch\":2,"
                                + "\"key\":\"cDE=\",\"value\":\"eyJhIjo=\",\"valueText\":\"{\\\"a\\\":\","
                                + "\"headers\":[{\"name\":\"trace\",\"value\":\"MQ==\"},{\"name\":\"trace\",\"value\":null}]}"));
    }

    @Test
    public void isAnEventOfItsOwnIdentity() {
        Event event = JSON.toEvent(letter(Event.of(ORIGIN, null, null), NOON));

        assertThat(event.id(), equalTo(new ResultId(List.of(ORIGIN), "long-plays/dead-letter", 0)));
        assertThat(event.key(), nullValue());
    }

    @Test
    public void writesNullForWhatIsNotThere() {
        String text = text(JSON.toEvent(letter(Event.of(ORIGIN, null, null), DeadLetter.NO_TIME)));

        assertThat(
                text.substring(text.indexOf("\"eventTime\"")),
                is("\"eventTime\":null,\"specVersion\":\"0123456789abcdef\",\"epoch\":2,"
                        + "\"key\":null,\"value\":null,\"headers\":[]}"));
    }

    @Test
    public void givesNoTextOfAValueThatIsNotUtf8() {
        String text = text(JSON.toEvent(letter(Event.of(ORIGIN, null, new byte[] {(byte) 0xFF}), NOON)));

        assertThat(text.substring(text.indexOf("\"key\"")), is("\"key\":null,\"value\":\"/w==\",\"headers\":[]}"));
    }

    @Test
    public void givesNoTextOfALongValue() {
        String longest = "x".repeat(DeadLetterJson.MAX_TEXT_BYTES);

        assertThat(textOf(longest).contains("valueText"), is(true));
        assertThat(textOf(longest + "x").contains("valueText"), is(false));
    }

    @Test
    public void omitsAValueThatItsSinkWouldNotTake() {
        DeadLetter deadLetter = letter(Event.of(ORIGIN, bytes("k"), bytes("x".repeat(1000))), NOON);
        int whole = JSON.toEvent(deadLetter).value().length;

        String omitted = text(JSON.withMaxBytes(whole - 1).toEvent(deadLetter));

        assertThat(JSON.withMaxBytes(whole).toEvent(deadLetter).value().length, is(whole));
        assertThat(
                omitted.substring(omitted.indexOf("\"key\"")),
                is("\"key\":\"aw==\",\"valueOmitted\":true,\"headers\":[]}"));
    }

    private static String textOf(String value) {
        return text(JSON.toEvent(letter(Event.of(ORIGIN, null, bytes(value)), NOON)));
    }

    private static DeadLetter letter(Event event, Instant eventTime) {
        return new DeadLetter(
                event, "long-plays", "filter", DeadLetter.Reason.NOT_JSON, "breaks off at byte 5", eventTime);
    }

    private static String text(Event event) {
        return new String(event.value(), UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
