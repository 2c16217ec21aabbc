package io.millrace.io.http;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.view.FullPublish;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A full publish that a service of HTTP answers in pages of JSON, one GET a page.
 *
 * <p><i>Shape</i>: an entry is an element of a page's list, as the bytes that were read, whatever of JSON it is. Its key is null, its origin
 * the url without the query, partition 0, and how many entries came before it on all pages. A field is named by its path, {@code data.items},
 * which finds a name with a dot in it, too ({@code @odata.nextLink}); of repeated names the last is used.
 *
 * <p>What leads to the next page is what {@code next} says: with {@code nextParameter} a token for that parameter of {@code url}, otherwise a
 * url, whole or relative. Without {@code next}, a header {@code Link} with {@code rel="next"} leads there. Where it is absent, null or an
 * empty text, the page is the last.
 *
 * <p><i>Guarantee</i>: a page is taken whole or not at all: of status 200, from an answer that says where it ends, by {@code Content-Length}
 * or in chunks. All pages are asked of the first one's host, since the headers may have secrets. Another reader goes on at a cursor
 * where the service still knows what it said. A cursor has an address of the service, and so may have what stands there in a query.
 *
 * <p><i>Fails</i>: at construction, where settings make no sense. Where it is opened, if a reference cannot be resolved or {@code caFile}
 * cannot be read. A page cannot be read now, and is asked for again, where the service cannot be reached, does not answer in time, breaks
 * off, or answers something else: a status other than 200, too much, no JSON (RFC 8259 in UTF-8, at most 512 levels deep), no list at {@code
 * items}, no version, or a next page elsewhere. What was begun is broken off where a page behind the first is answered with 4xx (but 408
 * and 429), where pages lead in a circle, and where a cursor is none of this publish. Messages have the beginning of an answer, no value of a
 * reference, and no query.
 *
 * @param url the first page
 * @param headers what is sent with each request
 * @param caFile the certificates, as PEM, of who signed the service's; null for those that the JVM trusts
 * @param items the path of the list of entries; null where a page is one
 * @param next the path of what leads to the next page; null for none in a page
 * @param nextParameter the parameter of the url that takes what is there; null where it is a url
 * @param version the path, in the first page, of the version; null for none
 * @param maxPageBytes the largest page
 * @param pageWithin how long a page may take
 */
public record HttpPublish(
        @Setting(
                value =
                        "The first page, http or https. A page is JSON with a list of entries, answered to a GET with status 200, and"
                                + " says where it ends, by Content-Length or in chunks. Pages that follow are asked of the same host.",
                example = "http://localhost:8080/assets?limit=500")
        String url,

        @Setting(
                value =
                        "What is sent with each request. ${env:NAME} and ${file:PATH} are resolved for each page; a header"
                                + " that is a secret must have such a reference in it.",
                byDefault = "{}",
                example = "{Authorization: 'Bearer ${env:ASSETS_TOKEN}'}")
        Map<String, String> headers,

        @Setting(
                value =
                        "A file, on every worker, with the certificates (PEM) of who signed the service's. Without it, those that"
                                + " the JVM trusts.",
                example = "/etc/ssl/assets-ca.pem")
        @Nullable String caFile,

        @Setting(
                value =
                        "Where the list of entries is in a page: the path of a field. Without it, a page is a list itself, and has"
                                + " neither next nor version.",
                example = "data.items")
        @Nullable String items,

        @Setting(
                value =
                        "Where a page says how the next one is asked for: the path of a field with a url, whole or relative, or"
                                + " with a token for nextParameter. A page where it is absent, null or empty is the last. Without this setting a"
                                + " header Link with rel=\"next\" leads on, and a page without that is the last.",
                example = "next")
        @Nullable String next,

        @Setting(
                value =
                        "The parameter of the url that takes what next says, percent-encoded, in place of the one that the url has."
                                + " Without it, next says a url.",
                example = "cursor")
        @Nullable String nextParameter,

        @Setting(
                value =
                        "Where the first page says as of when everything is: the path of a field with a whole number or an RFC"
                                + " 3339 time, which is taken as milliseconds. It may be null, but not absent.",
                example = "asOf")
        @Nullable String version,

        @Setting(value = "The largest page, in bytes; it is held in memory.", byDefault = "16777216")
        int maxPageBytes,

        @Setting(value = "How long a page may take, from the request to the end of the answer.", byDefault = "PT1M")
        Duration pageWithin)
        implements FullPublish<Event> {

    /** The largest page unless a spec says otherwise. */
    public static final int DEFAULT_MAX_PAGE_BYTES = 16 << 20;

    /** How long a page may take unless a spec says otherwise. */
    public static final Duration DEFAULT_PAGE_WITHIN = Duration.ofMinutes(1);

    public HttpPublish {
        headers = Map.copyOf(headers);
        HttpLookup.checkAddress(url, url);
        HttpLookup.checkHeaders(headers);
        checkPath("items", items);
        checkPath("next", next);
        checkPath("version", version);
        checkArgument(
                items != null || (next == null && version == null),
                "items must be given where next or version is, since a page without it is a list and has no fields");
        checkArgument(
                nextParameter == null || (next != null && !nextParameter.isEmpty()),
                "nextParameter must not be empty, and be given only where next is, but was '%s'",
                nextParameter);
        checkArgument(maxPageBytes >= 1, "maxPageBytes must be at least 1, but was %s", maxPageBytes);
        checkArgument(
                pageWithin.compareTo(Duration.ofSeconds(1)) >= 0,
                "pageWithin must be at least a second, but was %s",
                pageWithin);
    }

    /** A publish at a url that asks for nothing, each page a list, of which {@code Link}s lead to the next. */
    public static HttpPublish of(String url) {
        return new HttpPublish(
                url, Map.of(), null, null, null, null, null, DEFAULT_MAX_PAGE_BYTES, DEFAULT_PAGE_WITHIN);
    }

    /** The same, with other headers. */
    public HttpPublish withHeaders(Map<String, String> headers) {
        return new HttpPublish(url, headers, caFile, items, next, nextParameter, version, maxPageBytes, pageWithin);
    }

    /** The same, trusting the certificates in a file. */
    public HttpPublish withCaFile(String caFile) {
        return new HttpPublish(url, headers, caFile, items, next, nextParameter, version, maxPageBytes, pageWithin);
    }

    /** The same, with the list of entries in a field. */
    public HttpPublish withItems(String items) {
        return new HttpPublish(url, headers, caFile, items, next, nextParameter, version, maxPageBytes, pageWithin);
    }

    /** The same, with the next page's url in a field. */
    public HttpPublish withNext(String next) {
        return new HttpPublish(url, headers, caFile, items, next, null, version, maxPageBytes, pageWithin);
    }

    /** The same, with the next page's token in a field, for a parameter of the url. */
    public HttpPublish withNext(String next, String nextParameter) {
        return new HttpPublish(url, headers, caFile, items, next, nextParameter, version, maxPageBytes, pageWithin);
    }

    /** The same, with the version in a field of the first page. */
    public HttpPublish withVersion(String version) {
        return new HttpPublish(url, headers, caFile, items, next, nextParameter, version, maxPageBytes, pageWithin);
    }

    /** The same, with another limit for a page. */
    public HttpPublish withMaxPageBytes(int maxPageBytes) {
        return new HttpPublish(url, headers, caFile, items, next, nextParameter, version, maxPageBytes, pageWithin);
    }

    /** The same, with another time for a page. */
    public HttpPublish withPageWithin(Duration pageWithin) {
        return new HttpPublish(url, headers, caFile, items, next, nextParameter, version, maxPageBytes, pageWithin);
    }

    /** Where it is, for people: what is asked for may be a secret. */
    public String place() {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    @Override
    public Reader<Event> open() {
        return HttpPages.open(this);
    }

    private static void checkPath(String name, @Nullable String path) {
        checkArgument(
                path == null || Stream.of(path.split("\\.", -1)).noneMatch(String::isEmpty),
                "%s must be names of fields with dots between them, but was '%s'",
                name,
                path);
    }
}
