package io.millrace.transforms.script.rhino;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.script.rhino.StandIns.Virtual;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.Test;

/** What stands in for a method of the platform gives what that gives, on texts short and long. */
public class StandInsTest {
    private static final int ROUNDS = 300;
    private static final List<String> PIECES = List.of(
            "a",
            "b",
            "aa",
            "ab",
            "\u0130",
            "\u03a3",
            "\ufb03",
            "ß",
            "\uD83D\uDE00",
            " ",
            "I",
            "i\u0307",
            "\uD801\uDC00");

    private final Random random = new Random(11);

    private String text(int most) {
        StringBuilder text = new StringBuilder();
        int count = random.nextInt(most);
        int few = 1 + random.nextInt(PIECES.size());
        for (int i = 0; i < count; i++) {
            text.append(PIECES.get(random.nextInt(few)));
        }
        return text.toString();
    }

    private String longText() {
        return text(random.nextInt(10) == 0 ? 1_500 : 60);
    }

    @Test
    public void searchesFindTheSame() {
        for (int round = 0; round < ROUNDS; round++) {
            String text = longText();
            String what = random.nextBoolean() ? text(4) : text.substring(random.nextInt(text.length() + 1));
            int from = random.nextInt(text.length() + 20) - 10;
            assertThat(Virtual.indexOf(text, what), is(text.indexOf(what)));
            assertThat(Virtual.indexOf(text, what, from), is(text.indexOf(what, from)));
            assertThat(Virtual.lastIndexOf(text, what), is(text.lastIndexOf(what)));
            assertThat(Virtual.lastIndexOf(text, what, from), is(text.lastIndexOf(what, from)));
            assertThat(Virtual.contains(text, what), is(text.contains(what)));
        }
    }

    @Test
    public void replacementsAreTheSame() {
        for (int round = 0; round < ROUNDS; round++) {
            String text = longText();
            String from = text(4);
            String to = random.nextInt(20) == 0 ? text(3_000) : text(4);
            assertThat(Virtual.replace(text, from, to), is(text.replace(from, to)));
        }
    }

    @Test
    public void casesAreTheSame() {
        for (int round = 0; round < ROUNDS; round++) {
            String text = longText();
            for (Locale locale : List.of(Locale.ROOT, Locale.ENGLISH, new Locale("tr"), new Locale("az"))) {
                assertThat(Virtual.toLowerCase(text, locale), is(text.toLowerCase(locale)));
                assertThat(Virtual.toUpperCase(text, locale), is(text.toUpperCase(locale)));
            }
        }
    }
}
