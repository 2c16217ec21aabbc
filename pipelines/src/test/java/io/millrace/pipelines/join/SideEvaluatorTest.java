package io.millrace.pipelines.join;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.pipelines.join.SideEvaluator.FailedException;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.expression.TextExpression;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.Test;

/** What is made of an event before it is joined. */
public class SideEvaluatorTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private static Event event(byte[] key, @Nullable String value) {
        return Event.of(new Origin("plays", 0, 7), key, value == null ? null : value.getBytes(UTF_8));
    }

    private static SideEvaluator keyedBy(String key) {
        return new SideEvaluator(null, TextExpression.of(key), null, null, null);
    }

    @Test
    public void aDocumentIsKeptWholeAndKnownByWhereItWasRead() throws FailedException {
        SideEvaluator side = keyedBy("event.title");
        Event event = event(new byte[0], "{\"title\": \"t\"}");

        assertThat(side.takes(event, NOON), is(true));
        assertThat(side.key(), is("t"));
        Joinable joinable = side.joinable(event, NOON);
        assertThat(new String(joinable.document(), UTF_8), is("{\"title\": \"t\"}"));
        assertThat(joinable.id(), is("plays:0:7;;0"));
    }

    @Test
    public void aKeyThatIsNoTextIsNoKey() throws FailedException {
        SideEvaluator side = keyedBy("b'\\x80'");
        side.takes(event(new byte[0], "{}"), NOON);

        FailedException failure = assertThrows(FailedException.class, side::key);
        assertThat(failure.reason(), is(Reason.JOIN_KEY_FAILED));
        assertThat(failure.getMessage(), is("key: the result is not UTF-8"));
    }

    @Test
    public void aKeyThatIsNullIsNoKey() throws FailedException {
        SideEvaluator side = keyedBy("event.title");
        side.takes(event(new byte[0], "{\"title\": null}"), NOON);

        assertThat(assertThrows(FailedException.class, side::key).getMessage(), is("key: the result is null"));
    }

    @Test
    public void whatIsKeptWholeIsADocument() throws FailedException {
        SideEvaluator side = keyedBy("key");
        Event tombstone = event("k".getBytes(UTF_8), null);
        side.takes(tombstone, NOON);
        assertThat(
                assertThrows(FailedException.class, () -> side.joinable(tombstone, NOON))
                        .reason(),
                is(Reason.NO_VALUE));

        Event broken = event("k".getBytes(UTF_8), "{");
        side.takes(broken, NOON);
        assertThat(
                assertThrows(FailedException.class, () -> side.joinable(broken, NOON))
                        .reason(),
                is(Reason.NOT_JSON));
    }
}
