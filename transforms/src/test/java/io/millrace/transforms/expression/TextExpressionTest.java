package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import org.junit.Test;

public class TextExpressionTest {
    private static final Events PLAY = Events.document(
            "{\"id\": \"p1\", \"name\": \"Zo\\u00eb\", \"n\": 42, \"d\": 1.50, \"t\": true, \"nothing\": null, \"o\": {}}");

    @Test
    public void givesTheTextOfEveryScalar() throws EvaluationException {
        assertThat(PLAY.text("event.id"), is("p1"));
        assertThat(PLAY.text("event.name"), is("Zoë"));
        assertThat(PLAY.text("event.n"), is("42"));
        assertThat(PLAY.text("event.d"), is("1.5"));
        assertThat(PLAY.text("event.t"), is("true"));
        assertThat(PLAY.text("event.nothing"), is(nullValue()));
        assertThat(PLAY.text("18446744073709551615u"), is("18446744073709551615"));
        assertThat(PLAY.text("b'abc'"), is("abc"));
        assertThat(PLAY.text("event.id + ':' + event.name"), is("p1:Zoë"));
    }

    @Test
    public void passesTheKeyOn() throws EvaluationException {
        assertThat(Events.tombstone().withKey("k".getBytes(UTF_8)).text("key"), is("k"));
        assertThat(Events.tombstone().text("key"), is(nullValue()));
    }

    @Test
    public void failsOnWhatIsNoText() {
        assertThat(failure("event.o"), is("a text must be a string, number, bool, bytes or null, but was a map"));
        assertThat(failure("1.0 / 0.0"), is("a number that is not finite"));
        assertThat(failure("event.missing"), is("no such field 'missing'"));
    }

    @Test
    public void refusesAnExpressionThatCannotBeText() {
        assertThat(
                assertThrows(ExpressionException.class, () -> TextExpression.of("[event.id]"))
                        .getMessage(),
                is("1:1: must be a string, number, bool, bytes or null, but was list"));
    }

    private static String failure(String expression) {
        return assertThrows(EvaluationException.class, () -> PLAY.text(expression))
                .getMessage();
    }
}
