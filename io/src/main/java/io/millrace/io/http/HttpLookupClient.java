package io.millrace.io.http;

import io.millrace.io.config.Certificates;
import io.millrace.io.config.References;
import io.millrace.transforms.enricher.LookupClient;
import io.millrace.transforms.enricher.LookupRefusedException;
import io.millrace.transforms.event.SystemClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.apache.http.concurrent.FutureCallback;
import org.apache.http.impl.nio.client.CloseableHttpAsyncClient;
import org.jspecify.annotations.Nullable;

/** Asks a service, on the threads of the client's connections alone. */
final class HttpLookupClient implements LookupClient<String, byte[]> {
    private final HttpLookup lookup;
    private final CloseableHttpAsyncClient http;
    private final Requests requests;
    private final Answers answers;

    private HttpLookupClient(HttpLookup lookup, CloseableHttpAsyncClient http, Requests requests, Answers answers) {
        this.lookup = lookup;
        this.http = http;
        this.requests = requests;
        this.answers = answers;
    }

    /**
     * A client for a service.
     *
     * @throws IllegalArgumentException if a reference cannot be resolved, or the certificates cannot be read
     */
    static HttpLookupClient open(HttpLookup lookup) {
        Requests requests = Requests.of(lookup);
        List<String> secrets = lookup.headers().values().stream()
                .flatMap(value -> References.secretsOf(value).stream())
                .toList();
        Answers answers = new Answers(lookup, secrets, SystemClock.utc());
        return new HttpLookupClient(
                lookup, Connections.open(Certificates.trusting(lookup.caFile())), requests, answers);
    }

    @Override
    public CompletionStage<Map<String, byte[]>> lookUp(Set<String> keys) {
        CompletableFuture<Map<String, byte[]>> values = new CompletableFuture<>();
        AnswerReader reader = new AnswerReader(lookup.maxAnswerBytes());
        try {
            Future<Answer> exchange = http.execute(requests.of(keys), reader, new Callback(keys, reader, values));
            values.whenComplete((answered, failure) -> {
                if (values.isCancelled()) {
                    exchange.cancel(true);
                }
            });
        } catch (LookupRefusedException | IllegalStateException e) {
            values.completeExceptionally(e);
        }
        return values;
    }

    @Override
    public void close() {
        try {
            http.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Completes a lookup; nothing may be thrown from here, where all other connections are served too. */
    private final class Callback implements FutureCallback<Answer> {
        private final Set<String> keys;
        private final AnswerReader reader;
        private final CompletableFuture<Map<String, byte[]>> values;

        private Callback(Set<String> keys, AnswerReader reader, CompletableFuture<Map<String, byte[]>> values) {
            this.keys = keys;
            this.reader = reader;
            this.values = values;
        }

        @Override
        public void completed(Answer answer) {
            try {
                values.complete(answers.values(answer, keys));
            } catch (Throwable e) { // an Error here would end the thread that serves all connections
                values.completeExceptionally(e);
            }
        }

        @Override
        public void failed(Exception failure) {
            @Nullable Answer tooLarge = reader.tooLarge();
            if (tooLarge == null) {
                values.completeExceptionally(Failures.of(lookup.url(), failure));
            } else {
                completed(tooLarge);
            }
        }

        @Override
        public void cancelled() {
            values.completeExceptionally(new IOException("the client of " + lookup.url() + " was closed"));
        }
    }
}
