package io.millrace.testfixtures.publish;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.After;
import org.junit.Test;

public class PagedServiceTest {
    private final PagedService service = PagedService.start(2);
    private final HttpClient http = HttpClient.newHttpClient();

    @After
    public void stop() {
        service.close();
    }

    private HttpResponse<String> get(String query) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(service.url() + query)).build(), BodyHandlers.ofString());
    }

    @Test
    public void aReadingIsOfWhatThereWasWhenItBegan() throws Exception {
        service.hold(7, List.of("{\"id\":1}", "{\"id\": 2}", "3"));
        assertThat(get("").body(), is("{\"asOf\":7,\"assets\":[{\"id\":1},{\"id\": 2}],\"next\":\"1-2\"}"));

        service.hold(8, List.of());
        assertThat(get("?cursor=1-2").body(), is("{\"asOf\":7,\"assets\":[3],\"next\":null}"));
        assertThat(get("").body(), is("{\"asOf\":8,\"assets\":[],\"next\":null}"));
        assertThat(service.requests(), contains("/assets", "/assets?cursor=1-2", "/assets"));
        assertThat(service.readingsBegun(), is(2L));
    }

    @Test
    public void aReadingThatIsForgottenIsGone() throws Exception {
        service.hold(7, List.of("1", "2", "3"));
        get("");
        service.forgetReadings();

        assertThat(get("?cursor=1-2").statusCode(), is(410));
        assertThat(get("?cursor=two").statusCode(), is(400));
    }

    @Test
    public void failsFromAPageOn() throws Exception {
        service.hold(7, List.of("1", "2", "3", "4", "5"));
        service.failFrom(2, 503);
        assertThat(get("").statusCode(), is(200));
        assertThat(get("?cursor=1-2").statusCode(), is(503));
        assertThat(get("?cursor=1-4").statusCode(), is(503));

        service.answerAll();
        assertThat(get("?cursor=1-2").statusCode(), is(200));
    }

    @Test
    public void breaksOffInTheMiddleOfAPage() throws Exception {
        service.hold(7, List.of("1", "2", "3"));
        service.breakOffFrom(2);
        assertThat(get("").statusCode(), is(200));

        assertThrows(IOException.class, () -> get("?cursor=1-2"));
    }

    @Test
    public void takesItsTimeForEachPage() throws Exception {
        service.takeForEachPage(Duration.ofMillis(30));
        long start = System.nanoTime();

        assertThat(get("").statusCode(), is(200));
        assertThat(Duration.ofNanos(System.nanoTime() - start), greaterThanOrEqualTo(Duration.ofMillis(30)));
    }
}
