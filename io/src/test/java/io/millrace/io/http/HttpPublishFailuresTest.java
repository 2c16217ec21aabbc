package io.millrace.io.http;

import static io.millrace.io.publish.Readings.page;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import com.google.common.base.Throwables;
import io.millrace.io.publish.Readings;
import io.millrace.testfixtures.publish.PagedService;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.view.FullPublish;
import io.millrace.transforms.view.FullPublish.BrokenOffException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is no page, and what is said of it. */
public class HttpPublishFailuresTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final ScriptedPages pages = ScriptedPages.start();
    private final String url = pages.origin() + "/assets";
    private final HttpPublish publish = HttpPublish.of(url).withItems("assets").withNext("next");

    @After
    public void stopTheServer() {
        pages.close();
    }

    private static IOException failure(FullPublish<Event> publish, String cursor) {
        return assertThrows(IOException.class, () -> page(publish, cursor));
    }

    private String failure(String body) {
        pages.answer("/assets", body);
        return failure(publish, FullPublish.BEGINNING).getMessage();
    }

    private String secondPage() throws IOException, InterruptedException {
        pages.answer("/assets", "{\"assets\":[1],\"next\":\"/second\"}");
        return page(publish, FullPublish.BEGINNING).next();
    }

    @Test
    public void aFirstPageWithAnyOtherStatusIsAskedForAgain() {
        for (int status : new int[] {204, 304, 400, 403, 404, 408, 410, 429, 500, 503}) {
            pages.answer("/assets", status, "", Map.of());
            IOException failure = failure(publish, FullPublish.BEGINNING);

            assertThat(failure, is(not(instanceOf(BrokenOffException.class))));
            assertThat(failure.getMessage(), is(url + " answered " + status));
        }
    }

    @Test
    public void aPageBehindTheFirstThatIsRefusedIsBrokenOff() throws Exception {
        String cursor = secondPage();
        for (int status : new int[] {400, 401, 404, 410, 422}) {
            pages.answer("/second", status, "the token\nis too old", Map.of());
            IOException failure = failure(publish, cursor);

            assertThat(failure, is(instanceOf(BrokenOffException.class)));
            assertThat(failure.getMessage(), is(url + ", page 2, answered " + status + ": the token is too old"));
        }
        for (int status : new int[] {201, 408, 429, 500, 502, 503}) {
            pages.answer("/second", status, "busy", Map.of());
            IOException failure = failure(publish, cursor);

            assertThat(failure, is(not(instanceOf(BrokenOffException.class))));
            assertThat(failure.getMessage(), is(url + ", page 2, answered " + status + ": busy"));
        }
    }

    @Test
    public void saysWhatPauseIsAskedForAndWhereARedirectLeads() {
        pages.answer("/assets", 429, "busy", Map.of("Retry-After", "7"));
        assertThat(
                failure(publish, FullPublish.BEGINNING).getMessage(), is(url + " answered 429 (Retry-After: 7): busy"));
        pages.answer("/assets", 302, "", Map.of("Location", "/login"));
        assertThat(failure(publish, FullPublish.BEGINNING).getMessage(), is(url + " answered 302 (to /login)"));
    }

    @Test
    public void whatIsNoPageFailsWithItsBeginning() {
        assertThat(
                failure("<html>\n" + "x".repeat(300)),
                is(url + " answered what is no JSON value (no JSON value at byte 0): <html> " + "x".repeat(193)
                        + "..."));
        assertThat(failure(""), startsWith(url + " answered what is no JSON value ("));
        assertThat(
                failure("{\"assets\":[1]"),
                is(url + " answered what is no JSON value (the document ends too early at byte 13): {\"assets\":[1]"));
        assertThat(
                failure("{\"assets\":{},\"x\":{\"assets\":[1]}}"),
                is(url + " answered a page without a list at items, 'assets': {\"assets\":{},\"x\":{\"assets\":[1]}}"));
        assertThat(failure("[1]"), is(url + " answered a page without a list at items, 'assets': [1]"));
        assertThat(failure("7"), is(url + " answered a page without a list at items, 'assets': 7"));
        pages.answer("/assets", "{\"assets\":[1]}");
        assertThat(
                failure(HttpPublish.of(url), FullPublish.BEGINNING).getMessage(),
                is(url + " answered a page that is no list, whose path items must say: {\"assets\":[1]}"));
    }

    @Test
    public void aPageThatIsTooLargeFails() throws Exception {
        String page = "{\"assets\":[\"" + "x".repeat(300_000) + "\"]}";
        pages.answer("/assets", page);

        assertThat(Readings.all(publish.withMaxPageBytes(page.length())).get(0).length(), is(300_002));
        assertThat(
                failure(publish.withMaxPageBytes(page.length() - 1), FullPublish.BEGINNING)
                        .getMessage(),
                startsWith(url + " answered more than maxPageBytes, " + (page.length() - 1)
                        + " bytes: {\"assets\":[\"xxxx"));
    }

    @Test
    public void aPageThatEndsBeforeItsEndIsNone() throws Exception {
        String all = "{\"assets\":[1]}";
        assertThat(
                failureOf("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + all),
                startsWith("ended before there was an answer: ConnectionClosedException"));
        assertThat(
                failureOf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ne\r\n" + all + "\r\n"),
                startsWith("ended before there was an answer: ConnectionClosedException"));
        assertThat(
                failureOf("HTTP/1.1 200 OK\r\n\r\n" + all),
                is("answered without saying where its answer ends, by Content-Length or in chunks: " + all));
        assertThat(failureOf(""), startsWith("ended before there was an answer: "));
    }

    /** What is said of a service that answers this and ends the connection. */
    private static String failureOf(String answer) throws IOException {
        try (ServerSocket service = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered =
                    CompletableFuture.runAsync(() -> OneAnswer.give(service, answer, new CountDownLatch(0)));
            String at = "http://127.0.0.1:" + service.getLocalPort() + "/";
            String message = failure(HttpPublish.of(at).withItems("assets"), FullPublish.BEGINNING)
                    .getMessage();
            answered.join();
            return message.replace("the connection to ", "").replace(at + " ", "");
        }
    }

    @Test
    public void aPageThatDoesNotComeToItsEndInTimeIsNone() throws Exception {
        try (ServerSocket service = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CountDownLatch over = new CountDownLatch(1);
            CompletableFuture<Void> answered = CompletableFuture.runAsync(
                    () -> OneAnswer.give(service, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1]", over));
            String at = "http://127.0.0.1:" + service.getLocalPort() + "/";
            HttpPublish late = HttpPublish.of(at).withPageWithin(Duration.ofSeconds(1));

            assertThat(
                    failure(late, FullPublish.BEGINNING).getMessage(), is(at + " did not come to its end within PT1S"));
            over.countDown();
            answered.join();
        }
    }

    @Test
    public void aSlowPageIsWaitedFor() throws Exception {
        try (PagedService slow = PagedService.start(2)) {
            slow.hold(1, List.of("1", "2", "3"));
            slow.takeForEachPage(Duration.ofMillis(100));
            HttpPublish assets = HttpPublish.of(slow.url()).withItems("assets").withNext("next", "cursor");

            assertThat(Readings.all(assets), contains("1", "2", "3"));
        }
    }

    @Test
    public void aServiceThatCannotBeReachedFails() {
        pages.close();
        HttpPublish asking = HttpPublish.of(url + "?key=secret");

        assertThat(failure(asking, FullPublish.BEGINNING).getMessage(), startsWith(url + " cannot be reached: "));
        assertThat(asking.place(), is(url));
    }

    @Test
    public void whoIsInterruptedWaitsForNoPage() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HttpPublish at = HttpPublish.of("http://127.0.0.1:" + silent.getLocalPort() + "/");
            AtomicReference<Exception> seen = new AtomicReference<>();
            Thread reading = new Thread(() -> {
                try {
                    page(at, FullPublish.BEGINNING);
                } catch (IOException | InterruptedException e) {
                    seen.set(e);
                }
            });
            reading.start();
            try (Socket accepted = silent.accept()) {
                assertThat(accepted.isConnected(), is(true));
                reading.interrupt();
                waitUntil("it ends", () -> seen.get() instanceof InterruptedException);
            }
        }
    }

    @Test
    public void secretsAreSentAndNotSaid() throws Exception {
        Path secret = folder.newFile().toPath();
        Files.writeString(secret, "open-sesame\n");
        HttpPublish asking = publish.withHeaders(Map.of("Authorization", "Bearer ${file:" + secret + "}"));
        pages.answer("/assets", 403, "no 'Bearer open-sesame' here", Map.of("Location", "/login?was=open-sesame"));
        IOException failure = failure(asking, FullPublish.BEGINNING);

        assertThat(failure.getMessage(), is(url + " answered 403 (to /login?was=***): no 'Bearer ***' here"));
        assertThat(Throwables.getStackTraceAsString(failure).contains("open-sesame"), is(false));
        assertThat(pages.authorizations(), contains("Bearer open-sesame"));
    }

    @Test
    public void aSecretThatChangesIsReadForEachPage() throws Exception {
        Path secret = folder.newFile().toPath();
        Files.writeString(secret, "one");
        HttpPublish asking = publish.withHeaders(Map.of("Authorization", "${file:" + secret + "}"));
        pages.answer("/assets", "{\"assets\":[1]}");
        try (FullPublish.Reader<Event> reader = asking.open()) {
            reader.read(FullPublish.BEGINNING);
            Files.writeString(secret, "two");
            reader.read(FullPublish.BEGINNING);
            Files.delete(secret);
            IOException failure = assertThrows(IOException.class, () -> reader.read(FullPublish.BEGINNING));

            assertThat(pages.authorizations(), contains("one", "two"));
            assertThat(
                    failure.getMessage(),
                    is(url + " cannot be asked: file " + secret + " must be readable on every worker"));
        }
        assertThrows(IllegalArgumentException.class, asking::open);
    }
}
