package io.millrace.io.memcached;

import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.millrace.testfixtures.memcached.MemcachedNode;
import io.millrace.testfixtures.memcached.MemcachedRule;
import io.millrace.testfixtures.server.FreePorts;
import io.millrace.transforms.enricher.CallSettings;
import io.millrace.transforms.enricher.Enrich;
import io.millrace.transforms.enricher.Enrichment;
import io.millrace.transforms.enricher.LookupClient;
import io.millrace.transforms.enricher.LookupRefusedException;
import io.millrace.transforms.enricher.Unenriched;
import io.millrace.transforms.enricher.Unenriched.Reason;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Asks a real server. */
public class MemcachedLookupTest {
    @Rule
    public final MemcachedRule memcached = new MemcachedRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

    private MemcachedNode server;
    private MemcachedLookup lookup;
    private LookupClient<String, byte[]> client;

    @Before
    public void store() {
        server = memcached.server();
        lookup = MemcachedLookup.of(server.address()).withKeyPrefix(memcached.name("video:"));
        store("v-1", "{\"title\": \"Ü\"}");
        store("v-2", "[1, 2]");
    }

    private void store(String key, String value) {
        server.set(lookup.keyPrefix() + key, value);
    }

    @After
    public void close() {
        if (client != null) {
            client.close();
        }
    }

    private void open(MemcachedLookup lookup) {
        client = lookup.open();
    }

    private CompletableFuture<Map<String, byte[]>> asked(String... keys) {
        return client.lookUp(Set.of(keys)).toCompletableFuture();
    }

    private Map<String, String> ask(String... keys) throws Exception {
        Map<String, String> texts = new TreeMap<>();
        asked(keys).get(1, TimeUnit.MINUTES).forEach((key, value) -> texts.put(key, new String(value, UTF_8)));
        return texts;
    }

    private Throwable failure(String... keys) {
        return assertThrows(ExecutionException.class, () -> asked(keys).get(1, TimeUnit.MINUTES))
                .getCause();
    }

    private boolean answers(String key) {
        try {
            return !ask(key).isEmpty();
        } catch (ExecutionException e) {
            return false;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    public void answersWithTheDocumentsOfKeys() throws Exception {
        store("spaced", " {\"a\":1}\n");
        store("nothing", "null");
        open(lookup);

        assertThat(
                ask("v-1", "v-2", "spaced", "nothing", "v-4"),
                is(Map.of("v-1", "{\"title\": \"Ü\"}", "v-2", "[1, 2]", "spaced", "{\"a\":1}")));
        assertThat(ask("v-4"), is(Map.of()));
    }

    @Test
    public void asksForManyKeysInACall() throws Exception {
        Map<String, String> expected = new TreeMap<>();
        for (int key = 0; key < 255; key++) {
            store("many-" + key, "{\"n\":" + key + "}");
            expected.put("many-" + key, "{\"n\":" + key + "}");
        }
        open(lookup.withMaxBatch(255));

        assertThat(ask(expected.keySet().toArray(String[]::new)), is(expected));
    }

    @Test
    public void refusesKeysThatMemcachedCannotWrite() {
        open(lookup.withKeyPrefix("video:"));

        assertRefused("key 'a b' has spaces or control characters", "a b");
        assertRefused("key 'a b' has spaces or control characters", "a\r\nb");
        assertRefused("key 'a ' has spaces or control characters", "a\u007f");
        String longest = "ü".repeat(122);
        assertRefused("key '" + "ü".repeat(100) + "...' has 251 bytes, and memcached takes 250", longest + "a");
        assertThat(asked(longest).join(), is(Map.of()));
    }

    private void assertRefused(String message, String... keys) {
        Throwable failure = failure(keys);
        assertThat(failure, is(instanceOf(LookupRefusedException.class)));
        assertThat(failure.getMessage(), is(message));
    }

    @Test
    public void refusesAValueThatIsNoJson() {
        store("serialized", "a:1:{s:5");
        store("bin", "");
        open(lookup);

        Throwable failure = failure("serialized");
        assertThat(failure, is(instanceOf(LookupRefusedException.class)));
        assertThat(failure.getMessage(), startsWith(server.address() + " has what is no JSON value ("));
        assertThat(failure.getMessage(), endsWith(") for key 'serialized': a:1:{s:5"));
        assertThat(failure("bin"), is(instanceOf(LookupRefusedException.class)));
    }

    @Test
    public void aServerThatIsAwayIsAskedAgainWhenItIsBack() throws Exception {
        open(lookup);
        assertThat(ask("v-2"), is(Map.of("v-2", "[1, 2]")));

        server.kill();
        waitUntil("an outage", () -> asked("v-2").isCompletedExceptionally());
        Throwable failure = failure("v-2");
        assertThat(failure, is(instanceOf(IOException.class)));
        assertThat(failure.getMessage(), startsWith(server.address() + " cannot be reached: "));

        server.start();
        store("v-2", "[3]");
        waitUntil("an answer", () -> answers("v-2"));
        assertThat(ask("v-2"), is(Map.of("v-2", "[3]")));
    }

    @Test
    public void aServerNeedNotBeThereWhenTheJobBegins() {
        open(MemcachedLookup.of("127.0.0.1:" + FreePorts.next()));

        assertThat(failure("v-1").getMessage(), startsWith("127.0.0.1:"));
    }

    @Test
    public void aServerThatSaysNothingIsAskedAgainWhenItGoesOn() throws Exception {
        open(lookup);
        assertThat(ask("v-2"), is(Map.of("v-2", "[1, 2]")));

        server.process().pause();
        try {
            waitUntil("silence", () -> !answers("v-2")); // the signal takes its time
            Throwable failure = failure("v-2");
            assertThat(failure, is(instanceOf(IOException.class)));
            assertThat(failure.getMessage(), startsWith(server.address() + " cannot be reached: "));
        } finally {
            server.process().resume();
        }
        waitUntil("an answer", () -> answers("v-2"));
    }

    @Test
    public void limitsOfLookupsHoldForIt() {
        Enrich<String, String, byte[]> enrich = Enrich.<String, String, byte[]>of(key -> key, lookup)
                .withCalls(CallSettings.DEFAULT.withGiveUpAfter(Duration.ofSeconds(5)));
        Came enriched = new Came(pipeline.apply(Create.of("v-1")).apply(enrich));

        PAssert.that(enriched.deadLetters())
                .containsInAnyOrder(new Unenriched<>(
                        "v-1",
                        Reason.GAVE_UP,
                        "no lookup worked within 5000 ms, the last of which failed: " + server.address()
                                + " cannot be reached: Not connected"));
        server.process().pause();
        try {
            pipeline.run();
        } finally {
            server.process().resume();
        }
    }

    @Test
    public void badKeysAreDeadLettersAndTheOthersGoOn() {
        store("bad", "{");
        Came enriched = new Came(
                pipeline.apply(Create.of("v-1", "v 1", "bad", "v-2", "none")).apply(Enrich.of(key -> key, lookup)));

        PAssert.that(enriched.texts()).containsInAnyOrder("v-1 {\"title\": \"Ü\"}", "v-2 [1, 2]", "none -");
        PAssert.that(enriched.refused()).containsInAnyOrder("v 1 REFUSED", "bad REFUSED");
        pipeline.run();
    }

    @Test
    public void eachOfSeveralServersIsAskedForItsOwnKeysAndNoOther() throws Exception {
        try (MemcachedNode other = MemcachedNode.create().start()) {
            MemcachedLookup both = withBoth(other);
            for (Map.Entry<String, List<String>> of : storeInBoth(other).entrySet()) {
                open(both);
                List<String> keys = of.getValue();
                assertThat(client.placeOf(keys.get(0)), is(of.getKey()));
                assertThat(ask(keys.toArray(String[]::new)).keySet(), is(Set.copyOf(keys)));
                client.close();
            }
        }
    }

    @Test
    public void aServerThatIsAwayFailsNoKeysOfOthers() throws Exception {
        try (MemcachedNode other = MemcachedNode.create().start()) {
            Map<String, List<String>> ofServers = storeInBoth(other);
            List<String> there = ofServers.get(server.address());
            List<String> away = ofServers.get(other.address());
            other.kill();
            List<String> all = new ArrayList<>(away);
            all.addAll(there);
            Came enriched = new Came(pipeline.apply(Create.of(all))
                    .apply(Enrich.<String, String, byte[]>of(key -> key, withBoth(other))
                            .withMaxInFlight(5)
                            .withCalls(CallSettings.DEFAULT
                                    .withCircuitBreaker(0.5, 4, Duration.ofSeconds(5))
                                    .withGiveUpAfter(Duration.ofSeconds(5)))));

            PAssert.that(enriched.texts())
                    .containsInAnyOrder(
                            there.stream().map(key -> key + " \"" + key + "\"").toList());
            PAssert.that(enriched.refused())
                    .containsInAnyOrder(
                            away.stream().map(key -> key + " GAVE_UP").toList());
            pipeline.run();
        }
    }

    private MemcachedLookup withBoth(MemcachedNode other) {
        return new MemcachedLookup(List.of(server.address(), other.address()), lookup.keyPrefix(), null, null, 100);
    }

    /** Stores values on the servers that have their keys, and gives the keys of each. */
    private Map<String, List<String>> storeInBoth(MemcachedNode other) {
        Ring ring = Ring.compatible(List.of(server.address(), other.address()));
        Map<String, List<String>> ofServers = IntStream.range(0, 20)
                .mapToObj(key -> "k-" + key)
                .collect(Collectors.groupingBy(key -> ring.of(lookup.keyPrefix() + key)));
        for (MemcachedNode node : List.of(server, other)) {
            for (String key : ofServers.get(node.address())) {
                node.set(lookup.keyPrefix() + key, "\"" + key + "\"");
            }
        }
        return ofServers;
    }

    @Test
    public void signsInWithAUserAndThePasswordOfAReference() throws Exception {
        Path password = Files.writeString(folder.newFile("password").toPath(), "open-sesame\n");
        try (MemcachedNode closed =
                MemcachedNode.withUser("millrace", "open-sesame").start()) {
            closed.set("v-1", "{}");
            MemcachedLookup named = MemcachedLookup.of(closed.address());

            open(named.withUser("millrace", "${file:" + password + "}"));
            waitUntil("an answer", () -> answers("v-1"));
            assertThat(ask("v-1", "v-2"), is(Map.of("v-1", "{}")));

            Files.writeString(password, "guess");
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> named.withUser("millrace", "${file:" + password + "}").open());
            assertThat(refused.getMessage(), is(closed.address() + " does not take user millrace with its password"));
        }
    }

    @Test
    public void aPasswordThatIsPutRightIsTakenWhileTheJobRuns() throws Exception {
        Path password = Files.writeString(folder.newFile("password").toPath(), "guess");
        try (MemcachedNode closed = MemcachedNode.withUser("millrace", "open-sesame")) {
            open(MemcachedLookup.of(closed.address()).withUser("millrace", "${file:" + password + "}"));
            closed.start();
            closed.set("v-1", "{}");
            waitUntil(
                    "a refusal",
                    () -> failure("v-1")
                            .getMessage()
                            .equals(closed.address() + " does not take user millrace with its password"));

            Files.writeString(password, "open-sesame");
            waitUntil("an answer", () -> answers("v-1"));
        }
    }

    @Test
    public void howeverOftenAUserIsRefusedThereIsOneConnectionAndAPauseBetween() throws Exception {
        Path password = Files.writeString(folder.newFile("password").toPath(), "guess");
        int port = FreePorts.next();
        open(MemcachedLookup.of("127.0.0.1:" + port).withUser("millrace", "${file:" + password + "}"));
        try (Refusing refusing = new Refusing(port)) {
            String refused = "127.0.0.1:" + port + " does not take user millrace with its password";
            long begun = System.nanoTime();
            waitUntil("a refusal", () -> failure("v-1").getMessage().equals(refused));
            waitUntil("the user signs in for the third time", () -> {
                failure("v-1");
                return refusing.accepted.get() == 3;
            });

            assertThat(Duration.ofNanos(System.nanoTime() - begun).toSeconds(), is(greaterThanOrEqualTo(5L)));
            waitUntil("one connection is open", () -> refusing.open.get() == 1);
            client.close();
            client = null;
            waitUntil("none is open", () -> refusing.open.get() == 0);
        }
    }

    /** Refuses whoever signs in, and leaves the connection open until the other side ends it. */
    private static final class Refusing implements AutoCloseable {
        private static final int HEADER_BYTES = 24;
        private final ServerSocket socket;
        private final AtomicInteger accepted = new AtomicInteger();
        private final AtomicInteger open = new AtomicInteger();

        Refusing(int port) throws IOException {
            socket = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
            daemon(this::accept);
        }

        private static void daemon(Runnable task) {
            Thread thread = new Thread(task, "refusing");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            try {
                while (true) {
                    Socket connection = socket.accept();
                    accepted.incrementAndGet();
                    open.incrementAndGet();
                    daemon(() -> refuse(connection));
                }
            } catch (IOException e) {
                // the test is over
            }
        }

        private void refuse(Socket connection) {
            try (connection) {
                DataInputStream in = new DataInputStream(connection.getInputStream());
                while (true) {
                    ByteBuffer request = ByteBuffer.wrap(in.readNBytes(HEADER_BYTES));
                    in.skipNBytes(request.getInt(8));
                    ByteBuffer answer = ByteBuffer.allocate(HEADER_BYTES);
                    answer.put(0, (byte) 0x81).put(1, request.get(1)).putShort(6, (short) 0x20);
                    answer.putInt(12, request.getInt(12));
                    connection.getOutputStream().write(answer.array());
                }
            } catch (IOException | IndexOutOfBoundsException e) {
                open.decrementAndGet(); // it was ended
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** What came of keys, as text. */
    private record Came(Enrichment<String, byte[]> enrichment) {
        PCollection<Unenriched<String>> deadLetters() {
            return enrichment.deadLetters();
        }

        PCollection<String> refused() {
            return enrichment
                    .deadLetters()
                    .apply(
                            "refused",
                            MapElements.into(TypeDescriptors.strings()).via(one -> one.input() + " " + one.reason()));
        }

        PCollection<String> texts() {
            return enrichment
                    .results()
                    .apply(
                            "texts",
                            MapElements.into(TypeDescriptors.strings())
                                    .via(one -> one.input() + " "
                                            + (one.value() == null ? "-" : new String(one.value(), UTF_8))));
        }
    }
}
