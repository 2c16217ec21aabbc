package io.millrace.transforms.expression;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertThrows;

import java.util.Random;
import org.junit.Test;

public class PatternsTest {
    private static final String[] PIECES = {
        "a",
        "b",
        "(",
        "(?:",
        "(?i)",
        ")",
        "[",
        "]",
        "[^]x]",
        "[[:alpha:]",
        "[:",
        ":]",
        "{2}",
        "{0,3}",
        "{30}",
        "{1000}",
        "{,",
        "*",
        "+",
        "?",
        "|",
        "\\Q",
        "\\E",
        "\\x{1000}",
        "\\pN",
        "\\p{Greek}",
        "\\",
        "^",
        "$",
        ".",
        "-"
    };

    @Test
    public void readsOrdinaryPatterns() throws Failure {
        assertThat(Patterns.compile("^[a-z]+(-[0-9]{3}){2}$").matches("ab-123-456"), is(true));
        assertThat(Patterns.compile("\\Q({[\\E[]x]{2}").matches("({[x]"), is(true));
        assertThat(Patterns.compile("(a|b{1000})").matches("b".repeat(1000)), is(true));
    }

    @Test
    public void refusesPatternsThatWouldExplode() {
        assertThat(failure("((a{100}){100}){100}"), is("'((a{100}){100}){100}' is too large a pattern"));
        assertThat(failure("a{1000}{1000}"), is("'a{1000}{1000}' is too large a pattern"));
        assertThat(failure("\\Q[\\E(a{1000}){1000}]"), is("'\\Q[\\E(a{1000}){1000}]' is too large a pattern"));
        assertThat(failure("[[:alpha:][](x{1000}){1000}"), is("'[[:alpha:][](x{1000}){1000}' is too large a pattern"));
        assertThat(failure("(".repeat(200) + "a" + ")".repeat(200)).endsWith("is too large a pattern"), is(true));
        assertThat(failure("a".repeat(10_001)).endsWith("is too large a pattern"), is(true));
    }

    @Test
    public void countsNoFewerStepsThanThereAre() {
        Random random = new Random(20261122);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int pieces = random.nextInt(12); pieces >= 0; pieces--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            try {
                int size = Patterns.compile(text.toString()).programSize();
                assertThat(text.toString(), size, is(lessThanOrEqualTo(4 * Patterns.MOST_STEPS)));
            } catch (Failure tooLargeOrNone) {
                assertThat(tooLargeOrNone.reason().contains("pattern"), is(true));
            }
        }
    }

    @Test
    public void survivesPatternsAndDurationsFromEvents() {
        assertThat(
                assertThrows(
                                EvaluationException.class,
                                () -> Events.document("{\"p\":\"((a{100}){100}){100}\"}")
                                        .passes("'a'.matches(event.p)"))
                        .getMessage(),
                is("'((a{100}){100}){100}' is too large a pattern"));
        assertThat(
                assertThrows(
                                EvaluationException.class,
                                () -> Events.document("{\"d\":\"" + "1s".repeat(100_000) + "\"}")
                                        .passes("duration(event.d) == duration('1s')"))
                        .getMessage(),
                is("'" + "1s".repeat(18) + "1...' is no duration"));
    }

    private static String failure(String pattern) {
        return assertThrows(Failure.class, () -> Patterns.compile(pattern)).reason();
    }
}
