package io.millrace.io.elasticsearch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.io.config.Certificates;
import io.millrace.io.config.References;
import java.net.URI;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.message.BasicHeader;
import org.elasticsearch.client.RestClient;
import org.elasticsearch.client.RestClientBuilder;

/** Opens clients, on the worker that needs them: only there are references to secrets resolved. */
final class Connections {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 60_000;

    private Connections() {}

    /**
     * A client for a sink's cluster.
     *
     * @throws IllegalArgumentException if a reference cannot be resolved, or the certificates cannot be read
     */
    static RestClient open(ElasticsearchSink sink) {
        URI url = URI.create(sink.url());
        RestClientBuilder builder = RestClient.builder(new HttpHost(url.getHost(), url.getPort(), url.getScheme()))
                .setRequestConfigCallback(
                        request -> request.setConnectTimeout(CONNECT_MILLIS).setSocketTimeout(ANSWER_MILLIS));
        if (url.getPath() != null && url.getPath().length() > 1) {
            builder.setPathPrefix(url.getPath());
        }
        authorization(sink).ifPresent(header -> builder.setDefaultHeaders(new Header[] {header}));
        String caFile = sink.caFile();
        if (caFile != null) {
            SSLContext trust = Certificates.trusting(caFile);
            builder.setHttpClientConfigCallback(http -> http.setSSLContext(trust));
        }
        return builder.build();
    }

    private static Optional<Header> authorization(ElasticsearchSink sink) {
        if (sink.apiKey() != null) {
            return authorization("ApiKey " + References.resolve(sink.apiKey()));
        }
        if (sink.user() != null && sink.password() != null) {
            String credentials = References.resolve(sink.user()) + ":" + References.resolve(sink.password());
            return authorization("Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)));
        }
        return Optional.empty();
    }

    private static Optional<Header> authorization(String value) {
        return Optional.of(new BasicHeader("Authorization", value));
    }
}
