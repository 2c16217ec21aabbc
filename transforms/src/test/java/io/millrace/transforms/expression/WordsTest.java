package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.event.Headers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.Test;

/** Names and constants that are told apart by their first eight bytes, by their length, or only by what comes behind. */
public class WordsTest {
    private static final List<String> NAMES = List.of(
            "",
            "a",
            "a\u0000",
            "seven_7",
            "eight__8",
            "nine____9",
            "nine____8",
            "eight__8_",
            "sixteen_bytes_16",
            "sixteen_bytes_17");

    @Test
    public void findsEachFieldByItsName() throws EvaluationException {
        for (String name : NAMES) {
            String document = document();
            assertThat(name, isTrue("event[" + quoted(name) + "] == " + NAMES.indexOf(name), document), is(true));
        }
    }

    @Test
    public void findsAFieldWhoseNameIsWrittenWithEscapes() throws EvaluationException {
        String document = document().replace("nine", "\\u006eine").replace("seven", "se\\u0076en");

        assertThat(isTrue("event.nine____9 == 5 && event.nine____8 == 6 && event.seven_7 == 3", document), is(true));
    }

    @Test
    public void findsEachConstantOfAList() throws EvaluationException {
        String all = String.join(", ", NAMES.stream().map(WordsTest::quoted).toList());
        for (String name : NAMES) {
            String document = "{\"v\":" + json(name) + "}";
            assertThat(name, isTrue("event.v in [" + all + "]", document), is(true));
            assertThat(name, isTrue("event.v + 'x' in [" + all + "]", document), is(false));
            assertThat(name, isTrue("event.v in ['none', 'nine____7', 'eight__9', 'b']", document), is(false));
            assertThat(name, isTrue("event.v == " + quoted(name), document), is(true));
        }
    }

    @Test
    public void readsATextAtTheVeryEndOfTheBytes() {
        byte[] bytes = "0123456789".getBytes(UTF_8);

        for (int from = 0; from <= bytes.length; from++) {
            byte[] alone = new byte[Long.BYTES + bytes.length];
            int length = Math.min(Long.BYTES, bytes.length - from);
            System.arraycopy(bytes, from, alone, 0, length);
            assertThat(Words.head(bytes, from, from + length), is(Words.at(alone, 0)));
        }
    }

    /** Of 256 values thrown at random into 256 places, 162 places are hit on average. */
    @Test
    public void spreadsTextsThatDifferInAnyOfTheirBytes() {
        for (int differing = 0; differing < 12; differing++) {
            byte[] text = "twelve_bytes".getBytes(UTF_8);
            Set<Integer> places = new HashSet<>();
            for (int value = 0; value < 256; value++) {
                text[differing] = (byte) value;
                places.add(Words.hash(text, 0, text.length) & 0xff);
            }
            assertThat("byte " + differing, places.size(), greaterThan(130));
        }
    }

    private static String document() {
        StringBuilder document = new StringBuilder("{");
        for (String name : NAMES) {
            document.append(document.length() > 1 ? "," : "")
                    .append(json(name))
                    .append(':')
                    .append(NAMES.indexOf(name));
        }
        return document.append('}').toString();
    }

    private static String json(String text) {
        return '"' + text.replace("\u0000", "\\u0000") + '"';
    }

    private static String quoted(String text) {
        return "'" + text.replace("\u0000", "\\x00") + "'";
    }

    private static boolean isTrue(String filter, String document) throws EvaluationException {
        Plan.Builder plan = Plan.builder();
        Handle<Filter> handle = plan.add(Filter.of(filter));
        Evaluator evaluator = plan.build().evaluator();
        evaluator.bind(document.getBytes(UTF_8), null, Headers.empty(), 0);
        return evaluator.test(handle);
    }
}
