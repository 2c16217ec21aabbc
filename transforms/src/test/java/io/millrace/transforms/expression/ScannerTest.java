package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.Test;

public class ScannerTest {
    private static final long SEED = Long.getLong("seed", 20261122);
    private static final int ROUNDS = "soak".equals(System.getProperty("millrace.test.scale")) ? 10_000_000 : 100_000;
    private static final ObjectMapper STRICT = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Scanner.MAX_DEPTH)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String[] PIECES = {
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u00e9", "\\ud83d", "\\ude00", "\\n", "\\x", "true", "false",
                "null", "-", "0",
        "1", "12", ".5", "e", "E+", "1e5", "-0", "01", " ", "\n", "\t", "\u0001", "\u0000", "é", "😀", "\ufeff",
                "abcdefgh", "a",
        "\"a\":", "{}", "[]", "/", "//", "NaN", "'", "+1"
    };

    @Test
    public void findsWhereThingsStand() {
        assertThat(found("{ \"a\" : 12 , \"b\" : \"x\" }", "a"), is("12"));
        assertThat(found("{\"a\":{\"b\":[1, {\"c\": \"x\"}]}}", "a", "b"), is("[1, {\"c\": \"x\"}]"));
        assertThat(found("{\"a\":[10,[20,30]]}", "a", 1, 0), is("20"));
        assertThat(found("{\"\":{\"é\":true}}", "", "é"), is("true"));
        assertThat(found("{\"\\u0061\\n\":-1.5e3}", "a\n"), is("-1.5e3"));
        assertThat(found("{\"\\ud83d\\ude00\":1}", "😀"), is("1"));
        assertThat(found("{\"ab\":1}", "a"), is(nullValue()));
        assertThat(found("{\"a\":[1]}", "a", 1), is(nullValue()));
        assertThat(found("{\"a\":{\"0\":1}}", "a", 0), is(nullValue()));
    }

    @Test
    public void takesTheLastOfRepeatedNames() {
        assertThat(found("{\"a\":1,\"a\":2}", "a"), is("2"));
        assertThat(found("{\"a\":{\"b\":1},\"a\":{\"c\":2}}", "a", "b"), is(nullValue()));
        assertThat(found("{\"a\":{\"b\":1},\"\\u0061\":3}", "a", "b"), is(nullValue()));
        assertThat(found("{\"a\":[1,2],\"a\":[3]}", "a", 1), is(nullValue()));
    }

    @Test
    public void saysWhatIsBrokenAndWhere() {
        assertThat(problem("{\"a\":1"), is("the document ends too early at byte 6"));
        assertThat(problem("{\"a\" 1}"), is("no ':' after a field name at byte 5"));
        assertThat(problem("{\"a\":1 \"b\":2}"), is("neither ',' nor '}' after a field at byte 7"));
        assertThat(problem("{\"a\":[1 2]}"), is("neither ',' nor ']' after an element at byte 8"));
        assertThat(problem("{a:1}"), is("no field name at byte 1"));
        assertThat(problem("{\"a\":tru}"), is("no JSON value at byte 8"));
        assertThat(problem("{\"a\":01}"), is("a number begins with 0 at byte 5"));
        assertThat(problem("{\"a\":1.}"), is("no digit after '.' at byte 7"));
        assertThat(problem("{\"a\":1e}"), is("no digit in an exponent at byte 7"));
        assertThat(problem("{\"a\":\"\\x\"}"), is("an unknown escape at byte 7"));
        assertThat(problem("{\"a\":\"\\u00g0\"}"), is("not four hexadecimal digits at byte 10"));
        assertThat(problem("{\"a\":\"\n\"}"), is("a control character in a string at byte 6"));
        assertThat(problem("{\"a\":1} {"), is("unexpected byte after the document at 8"));
        assertThat(problem("[1]"), is("the document is no object"));
        assertThat(problem(""), is("the document ends too early at byte 0"));
        assertThat(
                new Scanner(new Slots(1)).scan("{\"a\":\"\u00ff\"}".getBytes(ISO_8859_1), root()),
                is("not UTF-8 at byte 6"));
    }

    @Test
    public void goesDownToItsLimitAndNoFurther() {
        int inside = Scanner.MAX_DEPTH - 1;
        assertThat(problem("{\"a\":" + "[".repeat(inside) + "]".repeat(inside) + "}"), is(nullValue()));
        assertThat(
                problem("{\"a\":" + "[".repeat(inside + 1) + "]".repeat(inside + 1) + "}"),
                is("more than 512 levels at byte 516"));
        assertThat(problem("{\"a\":" + "[".repeat(1_000_000)), is("more than 512 levels at byte 516"));
    }

    @Test
    public void acceptsExactlyWhatAStrictParserAccepts() {
        Random random = new Random(SEED);
        RandomExpressions maker = new RandomExpressions(random);
        List<String> disagreements = new ArrayList<>();
        int sound = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes =
                    i % 3 == 0 ? assembled(random) : mutated(maker.document().getBytes(UTF_8), random);
            boolean accepted = new Scanner(new Slots(1)).scan(bytes, root()) == null;
            if (accepted != isObject(bytes)) {
                disagreements.add(new String(bytes, ISO_8859_1) + " was " + (accepted ? "accepted" : "refused"));
            }
            sound += accepted ? 1 : 0;
        }
        assertThat("with -Dseed=" + SEED, disagreements, is(empty()));
        assertThat("sound documents among " + ROUNDS, sound, greaterThan(ROUNDS / 20));
    }

    @Test
    public void readsTheSameValuesAsAnotherParser() throws Exception {
        RandomExpressions maker = new RandomExpressions(new Random(SEED));
        for (int i = 0; i < ROUNDS / 10; i++) {
            String document = maker.document();
            JsonNode tree = STRICT.readTree(document);
            for (String name : List.of("a", "b", "c", "d", "list", "map", "text", "num")) {
                assertSame(document, tree.get(name), found(document, name));
                assertSame(document, tree.path("map").path(name), found(document, "map", name));
            }
            assertSame(document, tree.path("list").path(1), found(document, "list", 1));
        }
    }

    private static void assertSame(String document, JsonNode expected, String found) throws IOException {
        boolean missing = expected == null || expected.isMissingNode();
        assertThat(document, found == null ? null : STRICT.readTree(found), is(missing ? null : expected));
    }

    private static byte[] assembled(Random random) {
        StringBuilder text = new StringBuilder("{\"a\":");
        for (int pieces = random.nextInt(6); pieces >= 0; pieces--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.append(random.nextInt(8) == 0 ? "" : "}").toString().getBytes(UTF_8);
    }

    private static byte[] mutated(byte[] document, Random random) {
        byte[] bytes = document;
        for (int mutations = random.nextInt(3); mutations > 0; mutations--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] = (byte) "{}[],:\"\\ 0-.eE".charAt(random.nextInt(14));
                case 3 -> bytes = inserted(bytes, at, PIECES[random.nextInt(PIECES.length)].getBytes(UTF_8));
                default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return bytes;
    }

    private static byte[] inserted(byte[] bytes, int at, byte[] piece) {
        ByteBuffer all = ByteBuffer.allocate(bytes.length + piece.length);
        return all.put(bytes, 0, at)
                .put(piece)
                .put(bytes, at, bytes.length - at)
                .array();
    }

    /** Jackson guesses UTF-16 and UTF-32, and takes surrogates in UTF-8; the JDK's decoder does not. */
    private static boolean isObject(byte[] bytes) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return STRICT.readTree(text).isObject();
        } catch (CharacterCodingException notUtf8) {
            return false;
        } catch (IOException notJson) {
            return false;
        }
    }

    private static Path root() {
        Path root = Path.document();
        root.number(0);
        return root;
    }

    private static String problem(String document) {
        return new Scanner(new Slots(1)).scan(document.getBytes(UTF_8), root());
    }

    private static String found(String document, Object... steps) {
        Path root = Path.document();
        Path place = root;
        for (Object step : steps) {
            place = place.child(step);
        }
        Slots slots = new Slots(root.number(0));
        byte[] bytes = document.getBytes(UTF_8);
        assertThat(document, new Scanner(slots).scan(bytes, root), is(nullValue()));
        return slots.type(place) == Slots.ABSENT
                ? null
                : new String(bytes, slots.start(place), slots.end(place) - slots.start(place), UTF_8);
    }
}
