package io.millrace.io.bulkhead;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.google.common.base.Ticker;
import io.millrace.io.sink.EventWriter;
import io.millrace.io.sink.Lease;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.TimedEvent;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.joda.time.Instant;
import org.junit.After;
import org.junit.Test;

/** A route's events go to the sink or into the lot, in their order, and a bundle never waits long. */
public class LaneTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final SinkContext PLAYS = new SinkContext(new Run("p", "", "run-1", 0), "plays", false);

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Allowance allowance = new Allowance();
    private long nanos;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Sink sink = new Sink();
    private final Lot lot = new Lot();
    private final Account account = new Account();

    @After
    public void endThreads() {
        threads.shutdownNow();
    }

    @Test
    public void bringsEventsToTheSinkInTheirOrder() throws Exception {
        Lane lane = lane(OnSlow.PARK, 100);

        bundle(lane, "a", "b", "c");
        bundle(lane, "d");

        assertThat(sink.taken, contains("a", "b", "c", "d"));
        assertThat(account.delivered, is(4L));
        assertThat(lot.parked, is(empty()));
    }

    @Test
    public void parksWhatIsNotAnsweredAtTheEndOfABundleAndWhatComesLater() throws Exception {
        sink.close();
        Lane lane = lane(OnSlow.PARK, 100);

        bundle(lane, "a", "b");
        bundle(lane, "c");

        assertThat(lot.parked, contains("a", "b", "c"));
        assertThat(account.delivered, is(0L));
        assertThat(account.parked, is(3L));
    }

    @Test
    public void parksWhatIsMoreThanItsShare() throws Exception {
        sink.close();
        Lane lane = lane(OnSlow.PARK, 2);

        take(lane, "a", "b", "c", "d");

        assertThat(lot.parked, contains("a", "b", "c", "d"));
    }

    @Test
    public void parksWhenTheSinkFails() throws Exception {
        sink.fails = new IOException("no such index");
        Lane lane = lane(OnSlow.PARK, 100);

        bundle(lane, "a");

        assertThat(lot.parked, contains("a"));
    }

    @Test
    public void goesToTheSinkAgainWhenNothingWaits() throws Exception {
        sink.close();
        Lane lane = lane(OnSlow.PARK, 100);
        lane.open();
        lane.awaitOpen(PATIENCE); // one that is still being opened at the end of the bundle is kept
        bundle(lane, "a");
        sink.open();

        lot.deliverAll();
        beforeItsClientIsOpen(lane, "b");
        lot.deliverAll();
        bundle(lane, "c");

        assertThat(sink.taken, contains("c"));
        assertThat(lot.parked, contains("a", "b"));
    }

    @Test
    public void holdsABundleUntilWhatCameBeforeIsDelivered() throws Exception {
        Lane lane = keepingUp("a", "b");

        lot.deliverWhenAwaited = true;
        bundle(lane, "d");
        bundle(lane, "e");

        assertThat(lot.parked, contains("a", "b", "last"));
        assertThat(sink.taken, contains("d", "e"));
    }

    @Test
    public void parksABundleThatItHeldInVain() throws Exception {
        Lane lane = keepingUp("a", "b");

        bundle(lane, "d");

        assertThat(lot.awaited, is(1));
        assertThat(lot.parked, contains("a", "b", "last", "d"));
    }

    @Test
    public void holdsNoMoreThanItsShare() throws Exception {
        Lane lane = keepingUp("a", "b");

        take(lane, "d", "e", "f", "g");

        assertThat(lot.parked, contains("a", "b", "last", "d", "e", "f", "g"));
    }

    /** A lane that has parked some events, of which all but the last are delivered. */
    private Lane keepingUp(String... parked) throws Exception {
        sink.close();
        Lane lane = lane(OnSlow.PARK, 4);
        lane.open();
        lane.awaitOpen(PATIENCE); // one that is still being opened at the end of the bundle is kept
        for (String event : parked) {
            bundle(lane, event);
            nanos += PATIENCE.toNanos();
        }
        sink.open();
        lot.deliverAllBut(0);
        beforeItsClientIsOpen(lane, "last");
        nanos += PATIENCE.toNanos();
        return lane;
    }

    @Test
    public void doesNotOpenASlowClientAgainAndAgain() throws Exception {
        sink.closeDoor();
        Lane lane = lane(OnSlow.PARK, 100);
        bundle(lane, "a");
        lot.deliverAll();
        bundle(lane, "b"); // the client is not open yet

        sink.openDoor();
        lane.awaitOpen(PATIENCE);
        lot.deliverAll();
        bundle(lane, "c");

        assertThat(lot.parked, contains("a", "b"));
        assertThat(sink.taken, contains("c"));
        assertThat(sink.clients.get(), is(1));
    }

    @Test
    public void doesNotWaitForASinkThatIsStillDown() throws Exception {
        sink.close();
        Lane lane = lane(OnSlow.PARK, 100);

        bundle(lane, "a");
        bundle(lane, "b");
        bundle(lane, "c");
        bundle(lane, "d");

        assertThat(lot.awaited, is(0));
        assertThat(lot.parked, contains("a", "b", "c", "d"));
    }

    @Test
    public void beginsBehindWhatWaitsAlready() throws Exception {
        lot.ends = 5;
        Lane lane = lane(OnSlow.PARK, 100);

        bundle(lane, "a");
        lot.deliverAll();
        beforeItsClientIsOpen(lane, "b");
        lot.deliverAll();
        bundle(lane, "c");

        assertThat(lot.parked, contains("a", "b"));
        assertThat(sink.taken, contains("c"));
    }

    @Test
    public void tellsWhatTheSinkAndTheLotRefuse() throws Exception {
        sink.refuses = "bad";
        Lane lane = lane(OnSlow.PARK, 100);
        bundle(lane, "a", "bad", "b");
        sink.close();
        lot.refuses = "large";
        bundle(lane, "large", "c");

        assertThat(account.refused, is(Map.of("bad", Reason.REFUSED, "large", Reason.TOO_LARGE)));
        assertThat(account.delivered, is(2L));
        assertThat(lot.parked, contains("c"));
    }

    @Test
    public void failsWhereItIsToFail() throws Exception {
        sink.close();
        Lane lane = lane(OnSlow.FAIL, 100);

        IOException slow = assertThrows(IOException.class, () -> bundle(lane, "a"));

        assertThat(
                slow.getMessage(),
                is("sink of route plays must take its events in the time that a bundle may wait, but did not"));
    }

    @Test
    public void blocksWhereItIsToBlock() throws Exception {
        sink.close();
        Lane lane = lane(OnSlow.BLOCK, 100);
        threads.execute(() -> {
            sink.awaitAsked();
            sink.open();
        });

        bundle(lane, "a");

        assertThat(sink.taken, contains("a"));
    }

    @Test
    public void failsWhatBlocksWhenTheSinkFails() throws Exception {
        sink.fails = new IOException("no such index");
        Lane lane = lane(OnSlow.BLOCK, 100);

        IOException failure = assertThrows(IOException.class, () -> bundle(lane, "a"));

        assertThat(failure.getMessage(), is("sink of route plays must take its events, but failed"));
        assertThat(failure.getCause(), is(sink.fails));
    }

    private Lane lane(OnSlow onSlow, int records) {
        RouteWriter route = new RouteWriter(PLAYS, sink::client, new InFlight(records, 1 << 20), onSlow);
        return new Lane(
                route,
                () -> new Courier(route.writers(), route.share(), threads, Lease.take()),
                onSlow == OnSlow.PARK ? lot : null,
                account,
                new Retreat(new Ticker() {
                    @Override
                    public long read() {
                        return nanos;
                    }
                }),
                allowance);
    }

    private void bundle(Lane lane, String... values) throws Exception {
        take(lane, values);
        lane.endHold();
        lane.endBundle();
    }

    /** A bundle that finds that it needs a client, and ends before there is one. */
    private void beforeItsClientIsOpen(Lane lane, String... values) throws Exception {
        sink.closeDoor();
        bundle(lane, values);
        sink.openDoor();
        lane.awaitOpen(PATIENCE);
    }

    private void take(Lane lane, String... values) throws Exception {
        allowance.renew(sink.answers() ? PATIENCE : Lane.PATIENCE);
        for (String value : values) {
            lane.take(Event.of(new Origin("c/plays", 0, value.hashCode()), null, value.getBytes(UTF_8)), NOON);
        }
    }

    private static String text(TimedEvent event) {
        return new String(event.event().value(), UTF_8);
    }

    /** A sink that can be closed: then it does not answer. */
    private static final class Sink {
        private final List<String> taken = new CopyOnWriteArrayList<>();
        private volatile String refuses = "";
        private volatile IOException fails;
        private final AtomicInteger clients = new AtomicInteger();
        private volatile CountDownLatch door = new CountDownLatch(0);
        private boolean closed;
        private boolean asked;

        void closeDoor() {
            door = new CountDownLatch(1);
        }

        void openDoor() {
            door.countDown();
        }

        EventWriter client() throws InterruptedException {
            clients.incrementAndGet();
            door.await();
            return new EventWriter() {
                @Override
                public Map<Integer, RefusedException> write(List<TimedEvent> events)
                        throws IOException, InterruptedException {
                    return take(events);
                }

                @Override
                public void close() {}
            };
        }

        private synchronized Map<Integer, RefusedException> take(List<TimedEvent> events)
                throws IOException, InterruptedException {
            asked = true;
            notifyAll();
            while (closed) {
                wait();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("given up just when it opened");
            }
            if (fails != null) {
                throw fails;
            }
            Map<Integer, RefusedException> refused = new HashMap<>();
            for (int position = 0; position < events.size(); position++) {
                if (text(events.get(position)).equals(refuses)) {
                    refused.put(position, new RefusedException(Reason.REFUSED, "bad"));
                } else {
                    taken.add(text(events.get(position)));
                }
            }
            return refused;
        }

        synchronized void awaitAsked() {
            try {
                while (!asked) {
                    wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        synchronized void open() {
            closed = false;
            notifyAll();
        }

        synchronized void close() {
            closed = true;
        }

        synchronized boolean answers() {
            return !closed && door.getCount() == 0;
        }
    }

    private static final class Lot implements ParkingLot {
        private final List<String> parked = new ArrayList<>();
        private String refuses = "";
        private long ends;
        private long delivered;
        private int awaited;
        private boolean deliverWhenAwaited;

        @Override
        public void park(String route, TimedEvent event) throws RefusedException {
            if (text(event).equals(refuses)) {
                throw new RefusedException(Reason.TOO_LARGE, "too large to wait");
            }
            parked.add(text(event));
            ends++;
        }

        void deliverAll() {
            deliverAllBut(0);
        }

        void deliverAllBut(long events) {
            delivered = ends - events;
        }

        @Override
        public void flush() {}

        @Override
        public long waiting(String route) {
            return ends - delivered;
        }

        @Override
        public long delivered(String route) {
            return delivered;
        }

        @Override
        public boolean awaitNoneWaiting(String route, Duration atMost) {
            awaited++;
            if (deliverWhenAwaited) {
                deliverAll();
            }
            return ends == delivered;
        }

        @Override
        public void close() {}
    }

    private static final class Account implements Lane.Outcome {
        private long delivered;
        private long parked;
        private final Map<String, Reason> refused = new HashMap<>();

        @Override
        public void delivered(long events) {
            delivered += events;
        }

        @Override
        public void parked() {
            parked++;
        }

        @Override
        public void refused(TimedEvent event, RefusedException cause) {
            refused.put(text(event), cause.reason());
        }
    }
}
