package io.millrace.testfixtures.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A plain client of the service, with connections of its own. */
final class HistoryClient {
    private final HistoryService service;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    HistoryClient(HistoryService service) {
        this.service = service;
    }

    HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(service.url() + path)).build();
    }

    HttpResponse<byte[]> get(String key) throws IOException, InterruptedException {
        return send(lookup(key));
    }

    CompletableFuture<HttpResponse<byte[]>> getAsync(String key) {
        return http.sendAsync(lookup(key), BodyHandlers.ofByteArray());
    }

    private HttpRequest lookup(String key) {
        return request("/history/" + URLEncoder.encode(key, UTF_8).replace("+", "%20"));
    }

    HttpResponse<byte[]> post(String ids) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(service.url() + "/history"))
                .POST(BodyPublishers.ofString(ids))
                .build());
    }

    HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, BodyHandlers.ofByteArray());
    }

    List<Integer> statuses(String key, int calls) throws IOException, InterruptedException {
        List<HttpResponse<byte[]>> answers = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            answers.add(get(key));
        }
        return statuses(answers);
    }

    static List<Integer> statuses(List<HttpResponse<byte[]>> answers) {
        return answers.stream().map(HttpResponse::statusCode).toList();
    }

    static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), UTF_8);
    }

    /** What trusts the service's certificate, and no other. */
    static SSLContext trusting(HistoryService service) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509").generateCertificate(Files.newInputStream(service.caFile())));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return tls;
    }
}
