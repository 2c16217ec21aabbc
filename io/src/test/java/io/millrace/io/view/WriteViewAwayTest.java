package io.millrace.io.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.google.common.base.Throwables;
import io.millrace.io.evcache.EvCacheSink;
import io.millrace.io.evcache.EvCacheView;
import io.millrace.io.sink.Patience;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.TimeOfWaiting;
import io.millrace.io.view.ViewStore.Stored;
import io.millrace.testfixtures.memcached.MemcachedRule;
import io.millrace.testfixtures.server.FreePorts;
import io.millrace.testfixtures.server.TcpRelay;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.Run;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.Rule;
import org.junit.Test;

/** A zone that loses its connections all the time, and one that stays away. */
public class WriteViewAwayTest {
    private static final int KEYS = 20;
    private static final int ROUNDS = 100;
    private static final int BYTES_OF_A_CONNECTION = 60_000;

    @Rule
    public final MemcachedRule memcached = new MemcachedRule();

    @Test
    public void theLastVersionOfAKeyIsThereHoweverOftenConnectionsBreak() throws Exception {
        assertTheLastOfEachKeyIsThere("\"version\"");
    }

    @Test
    public void theLastEventOfAKeyWithoutVersionsIsThereHoweverOftenConnectionsBreak() throws Exception {
        assertTheLastOfEachKeyIsThere("\"round\"");
    }

    @Test
    public void theLastEventOfAKeyIsThereAlsoWhereAllOfAKeyHaveOneVersion() throws Exception {
        assertTheLastOfEachKeyIsThere("\"version\":1,\"round\"");
    }

    private void assertTheLastOfEachKeyIsThere(String field) throws Exception {
        String server = memcached.server().address();
        try (TcpRelay relay = TcpRelay.to(Integer.parseInt(server.substring(server.indexOf(':') + 1)))) {
            relay.resetAfterEach(BYTES_OF_A_CONNECTION);
            String prefix = memcached.name("breaks");

            EvCacheSink breaking =
                    sink("127.0.0.1:" + relay.port()).withCachePrefix(prefix).withMaxInFlight(50);
            try (AutoCloseable ready = ReadyZones.shared(EvCacheView.store(breaking))) {
                write(breaking, field, Patience::with);
            }

            assertThat(relay.resets(), is(greaterThan(0L)));
            ViewStore.Zone zone =
                    EvCacheView.store(sink(server).withCachePrefix(prefix)).open("a");
            for (int key = 0; key < KEYS; key++) {
                Stored stored = zone.get(List.of("k" + key))
                        .toCompletableFuture()
                        .get(1, TimeUnit.MINUTES)
                        .get("k" + key);
                assertThat(new String(stored.value(), UTF_8), is(document(field, ROUNDS - 1)));
            }
            zone.close();
        }
    }

    @Test
    public void aZoneThatStaysAwayFailsWhatWaitsForItAndSaysWhy() {
        String server = "127.0.0.1:" + FreePorts.next();

        assertThat(
                failure(server, "\"round\""),
                is("EVCache must answer within 5 minutes, but: zone a: " + server
                        + " cannot be reached: Not connected; what has no version in its field 'version' cannot be owed to a zone"
                        + " that is away"));
    }

    @Test
    public void aZoneThatStaysAwayFailsABoundedRunAndSaysWhatToDo() {
        String message = failure("127.0.0.1:" + FreePorts.next(), "\"version\"");

        assertThat(
                message.replaceAll("[0-9]+ keys", "some keys"),
                is(
                        "zone a of EVCache must answer within 5 minutes, but: its servers are away; it is owed some keys: bring its servers"
                                + " back and run again, or take the zone out of the settings"));
    }

    private static String failure(String server, String field) {
        return String.valueOf(Throwables.getRootCause(assertThrows(
                        Exception.class,
                        () -> write(sink(server), field, service -> {
                            TimeOfWaiting time = new TimeOfWaiting();
                            return Patience.with(service).by(time, time);
                        })))
                .getMessage());
    }

    private static EvCacheSink sink(String server) {
        return EvCacheSink.of(Map.of("a", List.of(server)));
    }

    private static void write(EvCacheSink sink, String field, Waits waits) {
        TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
        pipeline.apply(Create.of(field))
                .apply(ParDo.of(new Rounds()))
                .setCoder(EventCoder.of())
                .apply(EvCacheView.write(sink, new SinkContext(new Run("plays", "", "run-1", 0), "titles", true))
                        .withWaits(waits));
        pipeline.run().waitUntilFinish();
    }

    private static String document(String field, int round) {
        return "{" + field + ":" + round + ",\"text\":\"" + "x".repeat(50) + "\"}";
    }

    /** Event after event of each key, in one bundle. */
    private static final class Rounds extends DoFn<String, Event> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(@Element String field, OutputReceiver<Event> out) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int key = 0; key < KEYS; key++) {
                    out.output(Event.of(
                            new Origin("local/plays", 0, round * KEYS + key),
                            ("k" + key).getBytes(UTF_8),
                            document(field, round).getBytes(UTF_8)));
                }
            }
        }
    }
}
