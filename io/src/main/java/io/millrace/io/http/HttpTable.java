package io.millrace.io.http;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.io.config.Certificates;
import io.millrace.io.config.Setting;
import io.millrace.io.table.RowPlace;
import io.millrace.io.table.RowReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpHost;
import org.apache.http.HttpResponse;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.impl.nio.client.CloseableHttpAsyncClient;
import org.apache.http.message.BasicHttpRequest;
import org.apache.http.nio.protocol.BasicAsyncRequestProducer;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a service of HTTP answers to a GET, as JSON Lines, which may be compressed with gzip.
 *
 * <p><i>Guarantee</i>: the version is the answer's {@code ETag}, else its {@code Last-Modified}; it is sent with the next request, and {@code
 * 304} means that it is still that. An answer is read as it comes and is not kept; it must say where it ends, by {@code Content-Length} or in
 * chunks, so that half of one is not taken for the whole. Where nothing comes for a minute it is given up, and so it is where it did not come
 * to its end in time. Anything but {@code 200} and {@code 304} fails, redirects too.
 *
 * @param url where it is
 * @param headers what is sent with a request
 * @param caFile the certificates, as PEM, of who signed the service's; null for those that the JVM trusts
 * @param maxBytes the most bytes of an answer, as they are sent
 * @param loadWithin how long a load may take
 */
public record HttpTable(
        @Setting(
                value =
                        "Where it is, http or https: JSON Lines, a row a line, which may be compressed with gzip. ETag or Last-Modified"
                                + " of the answer are its version.",
                example = "http://localhost:8080/videos.jsonl")
        String url,

        @Setting(
                value = "What is sent with each request. ${env:NAME} and ${file:PATH} are resolved where the table is"
                        + " loaded; a header that is a secret must have such a reference in it.",
                byDefault = "{}",
                example = "{Authorization: 'Bearer ${env:VIDEOS_TOKEN}'}")
        Map<String, String> headers,

        @Setting(
                value =
                        "A file, on every worker, with the certificates (PEM) of who signed the service's. Without it, those that"
                                + " the JVM trusts.",
                example = "/etc/ssl/videos-ca.pem")
        @Nullable String caFile,

        @Setting(value = "The most bytes of an answer, as they are sent.", byDefault = "4294967296")
        long maxBytes,

        @Setting(value = "How long a load may take, from the request to the end of the answer.", byDefault = "PT30M")
        Duration loadWithin)
        implements RowPlace {

    /** The most bytes of an answer unless a spec says otherwise. */
    public static final long DEFAULT_MAX_BYTES = 4L << 30;

    /** How long a load may take unless a spec says otherwise. */
    public static final Duration DEFAULT_LOAD_WITHIN = Duration.ofMinutes(30);

    private static final int SILENT_MILLIS = 60_000;
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;
    private static final String ETAG = "ETag";
    private static final String LAST_MODIFIED = "Last-Modified";

    public HttpTable {
        headers = Map.copyOf(headers);
        HttpLookup.checkAddress(url, url);
        HttpLookup.checkHeaders(headers);
        checkArgument(maxBytes >= 1, "maxBytes must be at least 1, but was %s", maxBytes);
        checkArgument(
                loadWithin.compareTo(Duration.ofSeconds(1)) >= 0,
                "loadWithin must be at least a second, but was %s",
                loadWithin);
    }

    /** Rows at a url that asks for nothing. */
    public static HttpTable of(String url) {
        return new HttpTable(url, Map.of(), null, DEFAULT_MAX_BYTES, DEFAULT_LOAD_WITHIN);
    }

    /** What is asked for may be a secret. */
    @Override
    public String place() {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    @Override
    public Optional<String> read(String held, RowReader rows) throws IOException, InterruptedException {
        BasicAsyncRequestProducer request = request(held);
        HttpClientContext context = HttpClientContext.create();
        context.setRequestConfig(
                Connections.requests().setSocketTimeout(SILENT_MILLIS).build());
        try (CloseableHttpAsyncClient http = Connections.open(Certificates.trusting(caFile))) {
            Download answer = Download.within(loadWithin);
            http.execute(request, answer, context, null);
            return readSaying(held, answer, rows);
        }
    }

    /** Asked before the client is closed, which breaks an answer off, too. */
    private Optional<String> readSaying(String held, Download answer, RowReader rows)
            throws IOException, InterruptedException {
        try {
            return read(held, answer, rows);
        } catch (IOException e) {
            Exception broken = answer.failure();
            if (broken instanceof TimeoutException) {
                throw new IOException(place() + " " + broken.getMessage(), broken);
            }
            throw broken == null ? e : Failures.of(place(), broken);
        }
    }

    private BasicAsyncRequestProducer request(String held) {
        KeyedUrl parts = KeyedUrl.of(url);
        BasicHttpRequest request = new BasicHttpRequest("GET", parts.before());
        request.setHeaders(Requests.headers(headers, false));
        request.setHeader("Accept", "*/*");
        if (held.startsWith(ETAG)) {
            request.setHeader("If-None-Match", held.substring(ETAG.length() + 1));
        } else if (held.startsWith(LAST_MODIFIED)) {
            request.setHeader("If-Modified-Since", held.substring(LAST_MODIFIED.length() + 1));
        }
        return new BasicAsyncRequestProducer(HttpHost.create(parts.origin()), request);
    }

    private Optional<String> read(String held, Download answer, RowReader rows)
            throws IOException, InterruptedException {
        HttpResponse head = answer.head();
        int status = head.getStatusLine().getStatusCode();
        String version = version(head);
        if (!held.isEmpty() && (status == NOT_MODIFIED || (status == OK && version.equals(held)))) {
            return Optional.empty();
        }
        if (status != OK) {
            throw new IOException("it answered " + status);
        }
        checkHasAnEnd(head.getEntity());
        rows.lines(answer.body(maxBytes));
        answer.awaitEnd();
        return Optional.of(version);
    }

    private static String version(HttpResponse head) {
        for (String name : new String[] {ETAG, LAST_MODIFIED}) {
            Header header = head.getFirstHeader(name);
            if (header != null) {
                return name + " " + requireNonNull(header.getValue());
            }
        }
        return "";
    }

    private static void checkHasAnEnd(@Nullable HttpEntity body) throws IOException {
        if (body != null && body.getContentLength() < 0 && !body.isChunked()) {
            throw new IOException("it must say where its answer ends, by Content-Length or in chunks");
        }
    }
}
