package io.millrace.pipelines.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.view.ViewRequest;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.Test;

/** What a view is asked by a topic, as documents. */
public class RequestJsonTest {
    private static void assertDocument(String json, ViewRequest request) throws IOException {
        assertThat(new String(RequestJson.of(request), UTF_8), is(json));
        assertThat(RequestJson.read(json.getBytes(UTF_8)), is(request));
    }

    private static void assertRefused(String message, @Nullable String json) {
        IOException refused =
                assertThrows(IOException.class, () -> RequestJson.read(json == null ? null : json.getBytes(UTF_8)));
        assertThat(refused.getMessage(), is(message));
    }

    @Test
    public void isReadAsItWasWritten() throws IOException {
        assertDocument("{\"id\":\"f-1\",\"kind\":\"flush\"}", ViewRequest.all("f-1", Kind.FLUSH));
        assertDocument(
                "{\"id\":\"r-1\",\"kind\":\"repair\",\"keys\":[\"us/m-1\",\"\"]}",
                ViewRequest.ofKeys("r-1", Kind.REPAIR, List.of("us/m-1", "")));
        assertDocument("{\"id\":\"r-2\",\"kind\":\"renew\"}", ViewRequest.all("r-2", Kind.RENEW));
        assertDocument(
                "{\"id\":\"t-1\",\"kind\":\"tell\",\"prefix\":\"us/\",\"keysPerSecond\":0.5}",
                ViewRequest.ofPrefix("t-1", Kind.TELL, "us/").atMost(0.5));
        assertDocument("{\"id\":\"p-1\",\"kind\":\"publish\"}", ViewRequest.all("p-1", Kind.PUBLISH));
    }

    @Test
    public void whatIsNullIsNotGiven() throws IOException {
        String json = "{\"id\":\"f-1\",\"kind\":\"flush\",\"keys\":null,\"prefix\":null,\"keysPerSecond\":null}";
        assertThat(RequestJson.read(json.getBytes(UTF_8)), is(ViewRequest.all("f-1", Kind.FLUSH)));
    }

    @Test
    public void refusesWhatIsNoRequest() {
        assertRefused("a request must be a JSON object", null);
        assertRefused("a request must be a JSON object", "");
        assertRefused("a request must be a JSON object", "[]");
        assertRefused("id must not be empty, but was ''", "{\"kind\":\"flush\"}");
        assertRefused("kind must be flush, repair, renew, tell or publish, but was ''", "{\"id\":\"a\"}");
        assertRefused(
                "kind must be flush, repair, renew, tell or publish, but was 'FLUSH'",
                "{\"id\":\"a\",\"kind\":\"FLUSH\"}");
        assertRefused(
                "request must have keys or prefix, but had both",
                "{\"id\":\"a\",\"kind\":\"tell\",\"keys\":[],\"prefix\":\"\"}");
        assertRefused(
                "keysPerSecond must be more than 0, but was 0.0",
                "{\"id\":\"a\",\"kind\":\"flush\",\"keysPerSecond\":0}");
        IOException broken = assertThrows(IOException.class, () -> RequestJson.read("{\"id\"".getBytes(UTF_8)));
        assertThat(broken.getMessage(), startsWith("Unexpected end-of-input"));
    }

    /** What is said in another form must not become a request for all keys. */
    @Test
    public void refusesWhatIsSaidInAnotherForm() {
        assertRefused(
                "a request must have id, kind, keys, prefix and keysPerSecond alone, but had 'prefx'",
                "{\"id\":\"a\",\"kind\":\"flush\",\"prefx\":\"us/\"}");
        assertRefused(
                "keys must be a list of texts, but was \"a\"", "{\"id\":\"a\",\"kind\":\"flush\",\"keys\":\"a\"}");
        assertRefused("keys must be a list of texts, but was [1]", "{\"id\":\"a\",\"kind\":\"flush\",\"keys\":[1]}");
        assertRefused("prefix must be a text, but was 1", "{\"id\":\"a\",\"kind\":\"flush\",\"prefix\":1}");
        assertRefused(
                "keysPerSecond must be a number, but was \"fast\"",
                "{\"id\":\"a\",\"kind\":\"flush\",\"keysPerSecond\":\"fast\"}");
        assertRefused("id must be a text, but was 7", "{\"id\":7,\"kind\":\"flush\"}");
    }

    @Test
    public void showsTheBeginningOfWhatIsLong() {
        assertThat(RequestJson.shown(null), is(""));
        assertThat(RequestJson.shown("x".repeat(200).getBytes(UTF_8)), is("x".repeat(200)));
        assertThat(RequestJson.shown("x".repeat(201).getBytes(UTF_8)), is("x".repeat(200) + "..."));
    }
}
