package io.millrace.io.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.TemporaryFolder;

public class HttpLookupConfigTest {
    private static final HttpLookup LOOKUP = HttpLookup.of("http://history:8080/history/{key}");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void takesUrlsWithTheKeyInThePathOrTheQuery() {
        assertThat(requestUri("http://h/history/{key}", "a b"), is("/history/a%20b"));
        assertThat(requestUri("https://h:1/history/{key}/short?x=1", "ü"), is("/history/%C3%BC/short?x=1"));
        assertThat(requestUri("http://h/?key={key}&y=2", "a&b"), is("/?key=a%26b&y=2"));
        assertThat(requestUri("http://h?key={key}", "-._~"), is("/?key=-._~"));
        assertThat(KeyedUrl.of("http://h").before(), is("/"));
        assertThat(KeyedUrl.of("https://[::1]:9/a?b").origin(), is("https://[::1]:9"));
    }

    private static String requestUri(String url, String key) {
        return KeyedUrl.of(HttpLookup.of(url).url()).with(key);
    }

    @Test
    public void refusesWhatIsNoUrl() {
        String none = "url must be http:// or https:// with a host and without a fragment, but was '%s'";
        for (String url : new String[] {
            "history/{key}", "ftp://h/{key}", "http:///{key}", "http://h/{key}#a", "http://h/{id}/{key}"
        }) {
            assertThat(messageOf(() -> HttpLookup.of(url)), is(String.format(none, url)));
        }
        String once = "url must have {key} once, in its path or its query, but was '%s'";
        for (String url :
                new String[] {"http://h/history", "http://h/{key}/{key}", "http://{key}/a", "http://{key}.h/{key}"}) {
            assertThat(messageOf(() -> HttpLookup.of(url)), is(String.format(once, url)));
        }
        assertThat(
                messageOf(() -> HttpLookup.ofBatches("http://h/{key}", 2)),
                is("url must not have {key} where maxBatch is over 1, but was 'http://h/{key}'"));
        assertThat(
                messageOf(() -> HttpLookup.of("http://user:pass@h/{key}")),
                is("url must have no user or password in it, which a header has, and %40 for any other @"));
    }

    @Test
    public void refusesHeadersThatAreNone() {
        assertThat(messageOf(() -> headers("a b", "1")), is("headers must have names of HTTP, but had 'a b'"));
        assertThat(messageOf(() -> headers("Host", "h")), is("headers must leave Host to Millrace, but set it"));
        assertThat(
                messageOf(() -> headers("X-A", "1\r\nX-B: 2")), is("headers.X-A must be one line of printable ASCII"));
        assertThat(
                assertThrows(IllegalArgumentException.class, () -> LOOKUP.withHeaders(Map.of("X-A", "1", "x-a", "2")))
                        .getMessage()
                        .replace("[x-a, X-A]", "[X-A, x-a]"),
                is("headers must each be given once, in whichever case, but were [X-A, x-a]"));
    }

    @Test
    public void refusesASecretThatIsNoReference() {
        for (String name :
                new String[] {"Authorization", "Cookie", "X-Api-Key", "apikey", "X-Auth", "X-History-Token"}) {
            assertThat(
                    messageOf(() -> headers(name, "open-sesame")),
                    is("headers." + name
                            + " must have a reference in it, such as ${env:NAME} or ${file:PATH}, so that the secret stays out"
                            + " of the job"));
        }
    }

    @Test
    public void refusesNumbersBelowOne() {
        assertThat(messageOf(() -> LOOKUP.withMaxAnswerBytes(0)), is("maxAnswerBytes must be at least 1, but was 0"));
        assertThat(messageOf(() -> HttpLookup.ofBatches("http://h", 0)), is("maxBatch must be at least 1, but was 0"));
    }

    @Test
    public void opensNothingWithoutItsFiles() throws Exception {
        Path empty = folder.newFile("empty.pem").toPath();
        Path garbage = folder.newFile("garbage.pem").toPath();
        Files.writeString(garbage, "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n");
        for (String file : new String[] {"/no/such/file", empty.toString(), garbage.toString()}) {
            assertThat(
                    messageOf(() -> LOOKUP.withCaFile(file).open()),
                    is("caFile must be a file of PEM certificates that every worker can read, but was " + file));
        }
        assertThat(
                messageOf(() ->
                        headers("Authorization", "Bearer ${file:/no/such/file}").open()),
                is("file /no/such/file must be readable on every worker"));
    }

    private static HttpLookup headers(String name, String value) {
        return LOOKUP.withHeaders(Map.of(name, value));
    }

    private static String messageOf(ThrowingRunnable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong).getMessage();
    }
}
