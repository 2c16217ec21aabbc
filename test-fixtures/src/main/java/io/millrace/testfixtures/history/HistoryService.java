package io.millrace.testfixtures.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testfixtures.server.FreePorts;
import io.millrace.testfixtures.server.ServerCommand;
import io.millrace.testfixtures.server.ServerProcess;
import io.millrace.testfixtures.server.WorkDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A real HTTP server of playback histories in a JVM of its own, on two free ports of 127.0.0.1: plain and with TLS.
 *
 * <p><i>Shape</i>: {@code GET /history/{profileId}} answers the profile's history, or 404 where it is unknown;
 * {@code POST /history} with a JSON array of ids answers an object with the known ones by id. Both are what
 * {@link Histories} says, unless it is told to {@link #behave} otherwise. HTTP/1.1, connections are kept alive.
 *
 * <p><i>Time</i>: a call is recorded when it arrives, with what will be done.
 *
 * <p><i>State</i>: its ports, its certificate and how it is to behave outlive {@link #stop}, {@link #kill} and the next
 * {@link #start}; what it has recorded ends with its process. {@link #close} deletes all.
 *
 * <p><i>Guarantee</i>: one thread serves all, so that it needs little of the machine it shares with what is measured. It
 * has room for about ten million recorded calls.
 *
 * <p><i>Fails</i>: a start as {@link ServerProcess} says.
 */
public final class HistoryService implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** All compilers, since a call costs a third less; and a record of calls that lies outside the heap. */
    private static final List<String> JVM_OPTIONS =
            List.of("-XX:TieredStopAtLevel=4", "-Xmx256m", "-Xmn64m", "-XX:MaxDirectMemorySize=640m");

    private final WorkDirectory directory = WorkDirectory.create("history");
    private final int port = FreePorts.next();
    private final int tlsPort = FreePorts.next();
    private final Certificate certificate = Certificate.in(directory);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ServerProcess server;

    private HistoryService() {
        server = new ServerProcess(
                new ServerCommand(
                        "history",
                        "history-server",
                        "io.millrace.testfixtures.historyserver.HistoryMain",
                        JVM_OPTIONS,
                        List.of(
                                String.valueOf(port),
                                String.valueOf(tlsPort),
                                certificate.keyStore().toString(),
                                Certificate.PASSWORD,
                                write(List.of()).toString())),
                directory,
                this::isReady);
    }

    /** A service that is not started yet. */
    public static HistoryService create() {
        return new HistoryService();
    }

    /** Starts the service and returns when it answers. */
    public HistoryService start() {
        server.start();
        return this;
    }

    /** Shuts the service down in good order. */
    public void stop() {
        server.stop();
    }

    /** Ends the service as a crash would. */
    public void kill() {
        server.kill();
    }

    /** The service's process, to pause it or to read its log. */
    public ServerProcess process() {
        return server;
    }

    /** Where clients reach it, the same over restarts. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Where clients reach it over TLS, the same over restarts. */
    public String tlsUrl() {
        return "https://127.0.0.1:" + tlsPort;
    }

    /** The port of its plain URL, for a relay in front of it. */
    public int port() {
        return port;
    }

    /** Its certificate in PEM, self-signed, so that a client trusts it only where it is given this file. */
    public Path caFile() {
        return certificate.pem();
    }

    /**
     * Does so from now on, with calls that arrive afterwards, instead of what it was told before.
     *
     * @param behaviours of which the first that is for a call decides; none of them: {@link Behaviour#answer} all
     */
    public void behave(Behaviour... behaviours) {
        write(List.of(behaviours));
        if (server.isRunning()) {
            control("PUT", "behaviour", json(List.of(behaviours)), line -> line);
        }
    }

    /** Answers the calls that hang, as {@link Histories} says, and returns how many there were. */
    public int releaseHanging() {
        return control("POST", "release", "", Integer::valueOf).get(0);
    }

    /** All calls, in the order of their arrival. */
    public List<Call> calls() {
        return callsSince(0);
    }

    /** The calls from one on, the first being 0. */
    public List<Call> callsSince(long index) {
        return control("GET", "calls?since=" + index, "", Call::parse);
    }

    /** What it has counted. */
    public Counters counters() {
        List<Long> numbers = control("GET", "counters", "", Long::valueOf);
        return new Counters(numbers.get(0), numbers.get(1), numbers.get(2), numbers.get(3));
    }

    /** Begins to record and to count anew. */
    public void forgetCalls() {
        control("DELETE", "calls", "", line -> line);
    }

    /** Ends the service and deletes what it has. */
    @Override
    public void close() {
        directory.close();
    }

    private Path write(List<Behaviour> behaviours) {
        return directory.write("behaviour.json", json(behaviours));
    }

    private static String json(List<Behaviour> behaviours) {
        try {
            return JSON.writeValueAsString(behaviours);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is read from each line of the answer. */
    private <T> List<T> control(String method, String path, String body, Function<String, T> line) {
        HttpResponse<Stream<String>> answer = send(method, path, body);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(method + " " + path + ": " + answer.statusCode() + " "
                    + answer.body().toList());
        }
        return answer.body().map(line).toList();
    }

    private HttpResponse<Stream<String>> send(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/control/" + path))
                .timeout(PATIENCE)
                .method(method, BodyPublishers.ofString(body, UTF_8))
                .build();
        try {
            return http.send(request, BodyHandlers.ofLines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private boolean isReady() {
        return counters().calls() >= 0;
    }
}
