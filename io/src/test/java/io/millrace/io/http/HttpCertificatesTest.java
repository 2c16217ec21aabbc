package io.millrace.io.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.millrace.transforms.enricher.LookupClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a person is told about a host that does not prove who it is. */
public class HttpCertificatesTest {
    private static final String PASSWORD = "changeit";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void saysThatTheCertificateHasAnotherName() throws Exception {
        Path store = folder.getRoot().toPath().resolve("other.p12");
        Path pem = folder.getRoot().toPath().resolve("other.pem");
        keytool("-genkeypair", store, "-keyalg", "EC", "-dname", "CN=other", "-ext", "san=dns:other.example");
        keytool("-exportcert", store, "-rfc", "-file", pem.toString());
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(keys(store)));
        server.start();
        String url = "https://127.0.0.1:" + server.getAddress().getPort() + "/{key}";

        assertThat(
                failure(HttpLookup.of(url).withCaFile(pem.toString())),
                startsWith(url
                        + " is answered by a host whose certificate has another name: url must have a name that it has:"
                        + " SSLPeerUnverifiedException, Host name '127.0.0.1' does not match"));
        server.stop(0);
    }

    @Test
    public void saysThatTheServiceSpeaksNoTls() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> answerOne(server));
            String url = "https://127.0.0.1:" + server.getLocalPort() + "/{key}";

            assertThat(
                    failure(HttpLookup.of(url)),
                    startsWith(
                            url + " is not answered with TLS as it is spoken here: url must begin with http:// if the"
                                    + " service speaks none: SSLException, "));
            answered.get(1, TimeUnit.MINUTES);
        }
    }

    private static void answerOne(ServerSocket server) {
        try (Socket client = server.accept()) {
            client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
            client.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String failure(HttpLookup lookup) {
        try (LookupClient<String, byte[]> client = lookup.open()) {
            ExecutionException failure = assertThrows(
                    ExecutionException.class,
                    () -> client.lookUp(Set.of("p-1")).toCompletableFuture().get(1, TimeUnit.MINUTES));
            return ((IOException) failure.getCause()).getMessage();
        }
    }

    private static SSLContext keys(Path store) throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String command, Path store, String... more) throws Exception {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        line.add(command);
        line.addAll(List.of(more));
        line.addAll(List.of("-alias", "a", "-storetype", "PKCS12", "-storepass", PASSWORD));
        line.addAll(List.of("-keystore", store.toString()));
        int status = new ProcessBuilder(line).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IllegalStateException("keytool ended with " + status);
        }
    }
}
