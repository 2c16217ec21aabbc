package io.millrace.io.http;

import static io.millrace.io.publish.Readings.entries;
import static io.millrace.io.publish.Readings.page;
import static io.millrace.io.publish.Readings.texts;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.millrace.io.publish.Readings;
import io.millrace.testfixtures.publish.PagedService;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.view.FullPublish;
import io.millrace.transforms.view.FullPublish.BrokenOffException;
import io.millrace.transforms.view.FullPublish.Page;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.After;
import org.junit.Test;

/** How pages follow each other. */
public class HttpPublishTest {
    private final PagedService service = PagedService.start(2);
    private final ScriptedPages pages = ScriptedPages.start();
    private final HttpPublish assets = HttpPublish.of(service.url())
            .withItems("assets")
            .withNext("next", "cursor")
            .withVersion("asOf");

    @After
    public void stopTheServers() {
        service.close();
        pages.close();
    }

    private HttpPublish scripted(String address) {
        return HttpPublish.of(pages.origin() + address).withItems("assets").withNext("next");
    }

    private static String failure(FullPublish<Event> publish) {
        return failure(publish, FullPublish.BEGINNING);
    }

    private static String failure(FullPublish<Event> publish, String cursor) {
        IOException failure = assertThrows(IOException.class, () -> page(publish, cursor));
        assertThat(failure, not(instanceOf(BrokenOffException.class)));
        return failure.getMessage();
    }

    private static String brokenOff(FullPublish<Event> publish, String cursor) {
        return assertThrows(BrokenOffException.class, () -> page(publish, cursor))
                .getMessage();
    }

    @Test
    public void readsPagesByToken() throws Exception {
        service.hold(7, List.of("{\"id\": 1}", "{\"id\":2}", "3", "null", "{\"id\":\"\\u00e9\"}"));
        Page<Event> first = page(assets, FullPublish.BEGINNING);
        Page<Event> second = page(assets, first.next());
        Page<Event> third = page(assets, second.next());

        assertThat(entries(first), contains(service.url() + ":0 {\"id\": 1}", service.url() + ":1 {\"id\":2}"));
        assertThat(first.version(), is(7L));
        assertThat(entries(second), contains(service.url() + ":2 3", service.url() + ":3 null"));
        assertThat(second.version(), is(nullValue()));
        assertThat(entries(third), contains(service.url() + ":4 {\"id\":\"\\u00e9\"}"));
        assertThat(third.next(), is(nullValue()));
        assertThat(first.entries().get(0).key(), is(nullValue()));
        assertThat(service.requests(), contains("/assets", "/assets?cursor=1-2", "/assets?cursor=1-4"));
    }

    @Test
    public void whatIsEmptyIsCompleteAndHasNoEntries() throws Exception {
        service.hold(7, List.of());
        Page<Event> only = page(assets, FullPublish.BEGINNING);

        assertThat(only.entries(), is(empty()));
        assertThat(only.next(), is(nullValue()));
        assertThat(only.version(), is(7L));
    }

    @Test
    public void anotherReaderGoesOnAtACursor() throws Exception {
        Random random = new Random(1);
        for (int round = 0; round < 20; round++) {
            List<String> documents = documents(random, random.nextInt(16));
            service.hold(round, documents);
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < documents.size(); i++) {
                expected.add(service.url() + ":" + i + " " + documents.get(i));
            }
            HttpPublish sent = SerializableUtils.clone(assets);

            assertThat("round " + round, Readings.entriesThroughRestarts(sent, random), is(expected));
        }
    }

    private static List<String> documents(Random random, int count) {
        String[] samples = {
            "{\"next\":\"x\",\"assets\":[1,{\"assets\":[]}]}",
            " { \"a\" : [ { } , \"\\\"]}\" ] } ",
            "[]",
            "\"é ✓ 🎬\"",
            "-1.50e3",
            "true"
        };
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String sample = samples[random.nextInt(samples.length)];
            documents.add(sample.strip());
        }
        return documents;
    }

    @Test
    public void aPageThatFailsIsReadLater() throws Exception {
        service.hold(7, List.of("1", "2", "3"));
        try (FullPublish.Reader<Event> reader = assets.open()) {
            String cursor = reader.read(FullPublish.BEGINNING).next();
            service.failFrom(2, 503);
            assertThat(
                    assertThrows(IOException.class, () -> reader.read(cursor)).getMessage(),
                    is(service.url() + ", page 2, answered 503: {\"error\":503}"));
            service.breakOffFrom(2);
            assertThat(
                    assertThrows(IOException.class, () -> reader.read(cursor)).getMessage(),
                    startsWith("the connection to " + service.url()
                            + ", page 2, ended before there was an answer: ConnectionClosedException"));
            service.answerAll();
            assertThat(texts(reader.read(cursor)), contains("3"));
        }
    }

    @Test
    public void whatTheServiceNoLongerKnowsIsBrokenOff() throws Exception {
        service.hold(7, List.of("1", "2", "3"));
        String cursor = page(assets, FullPublish.BEGINNING).next();
        service.forgetReadings();

        assertThat(brokenOff(assets, cursor), is(service.url() + ", page 2, answered 410: {\"error\":410}"));
        assertThat(texts(page(assets, FullPublish.BEGINNING)), contains("1", "2"));
    }

    @Test
    public void aTokenIsPutInPlaceOfWhatTheUrlHas() throws Exception {
        HttpPublish publish = HttpPublish.of(pages.origin() + "/all?limit=2&page%5Bafter%5D=*&x=1")
                .withItems("assets")
                .withNext("meta.next", "page[after]");
        pages.answer("/all?limit=2&page%5Bafter%5D=*&x=1", "{\"assets\":[1],\"meta\":{\"next\":\"a&b=/ é\"}}");
        pages.answer(
                "/all?limit=2&x=1&page%5Bafter%5D=a%26b%3D%2F%20%C3%A9", "{\"assets\":[2],\"meta\":{\"next\":17}}");
        pages.answer("/all?limit=2&x=1&page%5Bafter%5D=17", "{\"assets\":[3],\"meta\":{\"next\":\"\"}}");

        assertThat(Readings.all(publish), contains("1", "2", "3"));
    }

    @Test
    public void readsPagesByUrl() throws Exception {
        pages.answer("/v1/assets?limit=1", "{\"assets\":[1],\"next\":\"?page=2\"}");
        pages.answer("/v1/assets?page=2", "{\"assets\":[2],\"next\":\"more?page=3\"}");
        pages.answer("/v1/more?page=3", "{\"assets\":[3],\"next\":\"../end\"}");
        pages.answer("/end", "{\"assets\":[4],\"next\":\"/end/é?a=b%2Fc\"}");
        pages.answer(
                "/end/%C3%A9?a=b%2Fc",
                "{\"assets\":[5],\"next\":\"" + pages.origin().replace("http", "HTTP") + "\"}");
        pages.answer("/", "{\"assets\":[6]}");

        assertThat(Readings.all(scripted("/v1/assets?limit=1")), contains("1", "2", "3", "4", "5", "6"));
    }

    @Test
    public void readsPagesByLink() throws Exception {
        pages.answer("/a?page=1", "[1]", Map.of("Link", "</a?page=0>; rel=\"prev\", <a?page=2>; rel=\"next last\""));
        pages.answer("/a?page=2", " [ 2 , [3] ] ", Map.of("Link", "</a?page=0>; rel=first"));

        assertThat(Readings.all(HttpPublish.of(pages.origin() + "/a?page=1")), contains("1", "2", "[3]"));
    }

    @Test
    public void aLinkThatCannotBeReadIsNotTakenForTheEnd() {
        pages.answer("/a", "[1]", Map.of("Link", "/a?page=2; rel=next"));

        assertThat(
                failure(HttpPublish.of(pages.origin() + "/a")),
                is(pages.origin() + "/a answered a Link that cannot be read"));
    }

    @Test
    public void namesWithDotsAreFoundAndOfRepeatedOnesTheLast() throws Exception {
        HttpPublish publish = HttpPublish.of(pages.origin() + "/odata")
                .withItems("d.value")
                .withNext("@odata.nextLink")
                .withVersion("d.at");
        pages.answer(
                "/odata",
                "{\"d\":{\"value\":[0],\"at\":1},\"@odata.nextLink\":\"/lost\",\"d\":{\"at\":2,\"x\":{\"value\":[9]},"
                        + "\"value\":[1],\"value\":[2, 3]},\"@odata.nextLink\":null}");
        Page<Event> page = page(publish, FullPublish.BEGINNING);

        assertThat(texts(page), contains("2", "3"));
        assertThat(page.version(), is(2L));
        assertThat(page.next(), is(nullValue()));
    }

    @Test
    public void ofAFieldThatIsRepeatedWhatStoodInItBeforeDoesNotCount() throws Exception {
        pages.answer("/r", "{\"d\":{\"value\":[0]},\"d\":{}}");
        assertThat(
                failure(HttpPublish.of(pages.origin() + "/r").withItems("d.value")),
                is(pages.origin()
                        + "/r answered a page without a list at items, 'd.value': {\"d\":{\"value\":[0]},\"d\":{}}"));
        pages.answer("/r", "{\"d\":{\"next\":\"/lost\"},\"d\":{},\"dd\":{\"next\":\"/lost\"},\"assets\":[1]}");
        assertThat(Readings.all(scripted("/r").withNext("d.next")), contains("1"));
    }

    @Test
    public void aVersionIsANumberOrATime() throws Exception {
        assertThat(version("-3"), is(-3L));
        assertThat(version("\"2026-11-26T12:00:00.5+01:00\""), is(1_795_690_800_500L));
        assertThat(version("null"), is(nullValue()));
        for (String wrong :
                List.of("1.5", "\"12\"", "true", "{}", "99999999999999999999", "\"+1000000000-01-01T00:00:00Z\"")) {
            assertThat(
                    assertThrows(IOException.class, () -> version(wrong)).getMessage(),
                    is(pages.origin()
                            + "/v answered a page without a whole number, an RFC 3339 time or null at version,"
                            + " 'asOf': {\"asOf\":" + wrong + ",\"assets\":[]}"));
        }
        pages.answer("/v", "{\"assets\":[]}");
        assertThat(
                failure(scripted("/v").withVersion("asOf")),
                is(pages.origin() + "/v answered a page without a whole number, an RFC 3339 time or null at version,"
                        + " 'asOf': {\"assets\":[]}"));
    }

    private Long version(String json) throws IOException, InterruptedException {
        pages.answer("/v", "{\"asOf\":" + json + ",\"assets\":[]}");
        return page(scripted("/v").withVersion("asOf"), FullPublish.BEGINNING).version();
    }

    @Test
    public void pagesThatLeadInACircleAreBrokenOff() throws Exception {
        pages.answer("/c?p=1", "{\"assets\":[1],\"next\":\"?p=2\"}");
        pages.answer("/c?p=2", "{\"assets\":[2],\"next\":\"?p=3\"}");
        pages.answer("/c?p=3", "{\"assets\":[3],\"next\":\"?p=2\"}");

        assertThat(
                assertThrows(BrokenOffException.class, () -> Readings.all(scripted("/c?p=1")))
                        .getMessage(),
                is(pages.origin() + "/c, page 4, leads to a page that was read before"));
    }

    @Test
    public void aLinkToThePageItselfIsACircle() {
        pages.answer("/a?b=c", "[1]", Map.of("Link", "<>; rel=next"));

        assertThat(
                brokenOff(HttpPublish.of(pages.origin() + "/a?b=c"), FullPublish.BEGINNING),
                is(pages.origin() + "/a leads to a page that was read before"));
    }

    @Test
    public void isLedToNoOtherHost() {
        String refused = "/n leads to a next page elsewhere, where nothing is asked, since headers may have secrets";
        assertLeads("http://localhost/assets", refused + ": at http://localhost:80");
        assertLeads(
                "https" + pages.origin().substring("http".length()) + "/n",
                refused + ": at " + pages.origin().replace("http", "https"));
        assertLeads("//127.0.0.2/n", refused + ": at http://127.0.0.2:80");
        assertLeads("http://me:secret@127.0.0.1/n", refused + ": at http://127.0.0.1:80");
        assertLeads("mailto:me", refused);
        assertLeads("/a b", "/n leads to a next page by what is no url: Illegal character in path");
        assertLeads("/" + "a".repeat(8 << 10), "/n leads to a next page by more than 8192 signs");
    }

    private void assertLeads(String next, String message) {
        pages.answer("/n", "{\"assets\":[1],\"next\":\"" + next + "\"}");
        assertThat(failure(scripted("/n")), is(pages.origin() + message));
    }

    @Test
    public void aNextPageIsATextOrANumber() {
        pages.answer("/n", "{\"assets\":[1],\"next\":{\"a\":1}}");
        assertThat(
                failure(scripted("/n").withVersion("next.a")),
                is(pages.origin() + "/n answered a page with neither a text nor a number nor null at next, 'next':"
                        + " {\"assets\":[1],\"next\":{\"a\":1}}"));
    }

    @Test
    public void aCursorThatCannotBeReadIsBrokenOff() throws Exception {
        service.hold(7, List.of("1", "2", "3"));
        String cursor = page(assets, FullPublish.BEGINNING).next();
        String said = service.url() + " cannot be gone on with: ";

        assertThat(cursor, startsWith("1:"));
        assertThat(
                brokenOff(assets, "2:" + cursor),
                is(said + "its cursor must begin with '1:', which this release reads and writes"));
        assertThat(
                brokenOff(assets.withItems("others"), cursor),
                is(said + "url, items, next or nextParameter were others when it was begun"));
        assertThat(brokenOff(assets, "1:"), is(said + "its cursor cannot be read"));
        assertThat(brokenOff(assets, cursor.replace("/assets", "assets")), is(said + "its cursor cannot be read"));
        assertThat(brokenOff(assets, cursor.replace(":1:", ":-1:")), is(said + "its cursor cannot be read"));
    }
}
