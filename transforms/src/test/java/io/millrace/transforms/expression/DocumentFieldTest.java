package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;
import org.junit.Test;

public class DocumentFieldTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static String set(String document, String name, String value) throws EvaluationException {
        return new String(DocumentField.named(name).set(document.getBytes(UTF_8), value.getBytes(UTF_8)), UTF_8);
    }

    @Test
    public void aFieldThatIsNotThereComesBehindAllOthers() throws Exception {
        assertThat(set("{\"a\":1}", "b", "[2]"), is("{\"a\":1,\"b\":[2]}"));
        assertThat(set(" { \"a\" : 1.50 \n} \n", "b", "2"), is(" { \"a\" : 1.50,\"b\":2 \n} \n"));
        assertThat(set("{}", "b", "null"), is("{\"b\":null}"));
        assertThat(set("{ }", "b", "null"), is("{\"b\":null }"));
        assertThat(set("{\"a\":{\"b\":1}}", "b", "2"), is("{\"a\":{\"b\":1},\"b\":2}"));
        assertThat(set("{\"a\":\"}\"}", "b", "2"), is("{\"a\":\"}\",\"b\":2}"));
    }

    @Test
    public void aFieldThatIsThereIsReplaced() throws Exception {
        assertThat(set("{\"b\": {\"x\":[1]} ,\"a\":1}", "b", "2"), is("{\"b\": 2 ,\"a\":1}"));
        assertThat(set("{\"b\":1,\"b\":\"two\"}", "b", "3"), is("{\"b\":1,\"b\":3}"));
        assertThat(set("{\"\\u0062\":1}", "b", "3"), is("{\"\\u0062\":3}"));
    }

    @Test
    public void aNameMayBeAnyText() throws Exception {
        assertThat(set("{\"a\":1}", "\"ü\n", "2"), is("{\"a\":1,\"\\\"ü\\n\":2}"));
    }

    @Test
    public void whatIsNoDocumentIsRefused() {
        assertRefused(EvaluationException.Kind.NO_VALUE, "the event has no value", null);
        assertRefused(EvaluationException.Kind.NOT_JSON, "the document is no object", "[1]");
        assertRefused(EvaluationException.Kind.NOT_JSON, "the document ends too early at byte 6", "{\"a\":1");
    }

    private static void assertRefused(EvaluationException.Kind kind, String message, String document) {
        EvaluationException refused = assertThrows(
                EvaluationException.class,
                () -> DocumentField.named("a")
                        .set(document == null ? null : document.getBytes(UTF_8), "1".getBytes(UTF_8)));
        assertThat(refused.kind(), is(kind));
        assertThat(refused.getMessage(), is(message));
    }

    @Test
    public void isWhatATreeGives() throws Exception {
        Random random = new Random(42);
        for (int round = 0; round < 2_000; round++) {
            ObjectNode document = JSON.createObjectNode();
            for (int field = random.nextInt(6); field > 0; field--) {
                document.set(
                        "f" + random.nextInt(8), JSON.readTree(random.nextBoolean() ? "{\"f1\":[1,{}]}" : "\"}\""));
            }
            String name = "f" + random.nextInt(8);
            String set = set(document.toString(), name, "{\"new\":1.0}");
            document.set(name, JSON.readTree("{\"new\":1.0}"));
            assertThat(JSON.readTree(set), is(document));
        }
    }
}
