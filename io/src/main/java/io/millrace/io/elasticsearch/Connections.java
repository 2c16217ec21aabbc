package io.millrace.io.elasticsearch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.io.config.References;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.message.BasicHeader;
import org.apache.http.ssl.SSLContexts;
import org.elasticsearch.client.RestClient;
import org.elasticsearch.client.RestClientBuilder;
import org.jspecify.annotations.Nullable;

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
            SSLContext trust = trusting(caFile);
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

    private static SSLContext trusting(String caFile) {
        try (InputStream pem = Files.newInputStream(Path.of(caFile))) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load((@Nullable InputStream) null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("ca-" + trusted.size(), certificate);
            }
            return SSLContexts.custom().loadTrustMaterial(trusted, null).build();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "caFile must be a file of PEM certificates that every worker can read, but was " + caFile, e);
        }
    }
}
