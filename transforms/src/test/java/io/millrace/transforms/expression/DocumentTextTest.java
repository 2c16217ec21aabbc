package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import org.junit.Test;

public class DocumentTextTest {
    private final DocumentText id = DocumentText.named("id");

    private String of(String document) throws EvaluationException {
        return new String(id.of(document.getBytes(UTF_8)), UTF_8);
    }

    private void assertFails(EvaluationException.Kind kind, String message, String document) {
        EvaluationException failure = assertThrows(EvaluationException.class, () -> of(document));
        assertThat(failure.getMessage(), is(message));
        assertThat(failure.kind(), is(kind));
    }

    @Test
    public void aTextIsWithoutItsEscapes() throws EvaluationException {
        assertThat(of("{\"title\":\"x\",\"id\":\"v-1\"}"), is("v-1"));
        assertThat(of("{\"id\":\"ä\\u00f6\\n\\ud83d\\ude00\"}"), is("äö\n😀"));
        assertThat(of(" {\"id\" : \"\" } "), is(""));
    }

    @Test
    public void aNumberIsAsItIsWritten() throws EvaluationException {
        assertThat(of("{\"id\":7}"), is("7"));
        assertThat(of("{\"id\":-7.50e3,\"a\":{\"id\":1}}"), is("-7.50e3"));
    }

    @Test
    public void ofSeveralTheLastIsTaken() throws EvaluationException {
        assertThat(of("{\"id\":1,\"id\":\"two\"}"), is("two"));
    }

    @Test
    public void whatIsNoneFails() {
        assertFails(EvaluationException.Kind.FAILED, "no such field 'id'", "{\"a\":{\"id\":1}}");
        assertFails(EvaluationException.Kind.FAILED, "field 'id' is neither text nor a number", "{\"id\":null}");
        assertFails(EvaluationException.Kind.FAILED, "field 'id' is neither text nor a number", "{\"id\":[1]}");
        assertFails(EvaluationException.Kind.FAILED, "field 'id' has half of a surrogate pair", "{\"id\":\"\\ud83d\"}");
        assertFails(EvaluationException.Kind.NOT_JSON, "the document is no object", "[1]");
        assertFails(EvaluationException.Kind.NOT_JSON, "the document ends too early at byte 7", "{\"id\":1");
    }
}
