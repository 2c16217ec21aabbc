package io.millrace.io.http;

import io.millrace.io.config.Certificates;
import io.millrace.io.config.References;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.view.FullPublish;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.impl.nio.client.CloseableHttpAsyncClient;
import org.apache.http.message.BasicHttpRequest;
import org.apache.http.nio.protocol.BasicAsyncRequestProducer;
import org.jspecify.annotations.Nullable;

/** Asks a service for pages, over one connection where it keeps that open. */
final class HttpPages implements FullPublish.Reader<Event> {
    private final HttpPublish publish;
    private final PageAddresses addresses;
    private final CloseableHttpAsyncClient http;

    private HttpPages(HttpPublish publish, CloseableHttpAsyncClient http) {
        this.publish = publish;
        this.addresses = PageAddresses.of(publish);
        this.http = http;
    }

    /**
     * A reader of a publish.
     *
     * @throws IllegalArgumentException if a reference cannot be resolved, or the certificates cannot be read
     */
    static HttpPages open(HttpPublish publish) {
        Secrets.of(publish);
        return new HttpPages(publish, Connections.open(Certificates.trusting(publish.caFile())));
    }

    @Override
    public FullPublish.Page<Event> read(String cursor) throws IOException, InterruptedException {
        PageCursor at = PageCursor.read(cursor, addresses);
        Secrets secrets = secrets();
        Answer answer = answer(at, secrets);
        return new PageAnswers(publish, addresses, secrets.kept()).page(answer, at);
    }

    /** Another one may stand in a file from one page to the next, or none for a moment. */
    private Secrets secrets() throws IOException {
        try {
            return Secrets.of(publish);
        } catch (IllegalArgumentException e) {
            throw new IOException(addresses.place() + " cannot be asked: " + e.getMessage(), e);
        }
    }

    private Answer answer(PageCursor at, Secrets secrets) throws IOException, InterruptedException {
        BasicHttpRequest request = new BasicHttpRequest("GET", at.address());
        request.setHeaders(secrets.headers());
        AnswerReader reader = new AnswerReader(publish.maxPageBytes());
        Future<Answer> exchange =
                http.execute(new BasicAsyncRequestProducer(HttpHost.create(addresses.origin()), request), reader, null);
        try {
            return exchange.get(publish.pageWithin().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            @Nullable Answer tooLarge = reader.tooLarge();
            if (tooLarge == null) {
                throw failure(at, e.getCause());
            }
            return tooLarge;
        } catch (TimeoutException e) {
            throw new IOException(addresses.named(at) + " did not come to its end within " + publish.pageWithin(), e);
        } catch (CancellationException e) {
            throw new IOException(addresses.named(at) + " was broken off, since its reader was closed", e);
        } finally {
            exchange.cancel(true);
        }
    }

    private IOException failure(PageCursor at, @Nullable Throwable cause) {
        return cause instanceof Exception failure
                ? Failures.of(addresses.named(at), failure)
                : new IOException(addresses.named(at) + " cannot be read: " + cause, cause);
    }

    @Override
    public void close() throws IOException {
        http.close();
    }

    /** What is sent with a request, and what of it no message may have. */
    private record Secrets(Header[] headers, Excerpt kept) {
        static Secrets of(HttpPublish publish) {
            Header[] headers = Requests.headers(publish.headers(), false);
            List<String> secrets = publish.headers().values().stream()
                    .flatMap(value -> References.secretsOf(value).stream())
                    .toList();
            return new Secrets(headers, new Excerpt(secrets));
        }
    }
}
