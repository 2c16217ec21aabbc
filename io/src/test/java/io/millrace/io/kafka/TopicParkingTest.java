package io.millrace.io.kafka;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.bulkhead.Parking;
import io.millrace.io.bulkhead.ParkingLot;
import io.millrace.io.bulkhead.Retrieval;
import io.millrace.io.bulkhead.Retrieval.Parked;
import io.millrace.io.bulkhead.Retrieval.Queue;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.TimedEvent;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.joda.time.Instant;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Events wait in topics, in their order, until it is committed that they are delivered. */
public class TopicParkingTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final List<String> ROUTES = List.of("plays", "profiles");

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    private KafkaParking settings;
    private Parking parking;

    @Before
    public void park() {
        settings = KafkaParking.of(kafka.bootstrapServers(), kafka.name("parked"));
        parking = KafkaEvents.parking(settings);
    }

    @Test
    public void givesBackWhatWasParkedAsItWas() throws Exception {
        Event event = Event.of(
                ResultId.of(new Origin("c/plays", 3, 7)).madeBy("plays"),
                null,
                null,
                Headers.builder().add("trace", "t1".getBytes(UTF_8)).build());
        park(new TimedEvent(event, NOON));

        assertThat(retrieve(0, 1, 1), contains(new TimedEvent(event, NOON)));
    }

    @Test
    public void keepsTheOrderOfEachInputPartitionInPartsThatShareThem() throws Exception {
        List<TimedEvent> events = new ArrayList<>();
        for (int offset = 0; offset < 50; offset++) {
            events.add(event(1, offset));
            events.add(event(2, offset));
        }
        park(events.toArray(TimedEvent[]::new));

        List<TimedEvent> all = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            all.addAll(retrieve(part, 3, ofPart(events, part, 3).size()));
        }
        assertThat(all, containsInAnyOrder(events.toArray()));
        assertThat(ofPartition(all, 1), is(ofPartition(events, 1)));
        assertThat(ofPartition(all, 2), is(ofPartition(events, 2)));
    }

    @Test
    public void tellsFromWhereToReadAgainWhatWaitsUntilThatIsForgotten() throws Exception {
        park(event(1, 7), event(2, 3), event(1, 8), event(2, 4));

        assertThat(KafkaEvents.parkedFrom(settings, ROUTES), is(Map.of("plays", "{\"plays\":{\"1\":7,\"2\":3}}")));

        KafkaEvents.unpark(settings, ROUTES);
        assertThat(KafkaEvents.parkedFrom(settings, ROUTES), is(Map.of()));
        try (ParkingLot lot = parking.open(ROUTES)) {
            assertThat(lot.waiting("plays"), is(0L));
        }
    }

    @Test
    public void nothingWaitsBeforeAnythingIsParked() throws Exception {
        try (ParkingLot lot = parking.open(ROUTES);
                Retrieval retrieval = parking.retrieve(ROUTES, 0, 1)) {
            assertThat(lot.waiting("plays"), is(0L));
            assertThat(lot.awaitNoneWaiting("plays", AT_ONCE), is(true));
            assertThat(retrieval.routes(), is(empty()));
        }
    }

    @Test
    public void whoParksHearsWhatIsDelivered() throws Exception {
        try (ParkingLot lot = parking.open(ROUTES);
                Retrieval retrieval = parking.retrieve(ROUTES, 0, 1)) {
            lot.park("plays", event(1, 0));
            lot.park("plays", event(1, 1));
            lot.flush();
            assertThat(lot.waiting("plays"), is(2L));
            assertThat(lot.awaitNoneWaiting("plays", AT_ONCE), is(false));
            assertThat(retrieval.routes(), contains("plays"));

            try (Queue queue = retrieval.queue("plays")) {
                Parked parked = next(queue);
                queue.delivered(parked);
                eventually("what waits", () -> polled(lot, queue), is(0L));
                assertThat(lot.delivered("plays"), is(2L));
                assertThat(retrieval.routes(), contains("plays"));

                queue.release(parked.ends());
            }
            assertThat(retrieval.routes(), is(empty()));
        }
    }

    @Test
    public void whatIsNotReleasedComesAgain() throws Exception {
        park(event(1, 0), event(1, 1));
        try (Retrieval retrieval = parking.retrieve(ROUTES, 0, 1)) {
            try (Queue queue = retrieval.queue("plays")) {
                queue.delivered(next(queue));
            }
            try (Queue again = retrieval.queue("plays")) {
                Parked parked = next(again);
                assertThat(parked.events(), contains(event(1, 0), event(1, 1)));
                again.delivered(parked);
                again.release(parked.ends());
            }
            try (Queue released = retrieval.queue("plays")) {
                assertThat(released.next().events(), is(empty()));
            }
        }
    }

    @Test
    public void laterLotsKnowWhatWaits() throws Exception {
        park(event(1, 0));

        try (ParkingLot lot = parking.open(ROUTES)) {
            assertThat(lot.waiting("plays"), is(1L));
            assertThat(lot.waiting("profiles"), is(0L));
        }
    }

    @Test
    public void whatWasDeliveredAndNotReleasedWaitsAgainForLaterLots() throws Exception {
        park(event(1, 0));
        try (Retrieval retrieval = parking.retrieve(ROUTES, 0, 1)) {
            try (Queue queue = retrieval.queue("plays")) {
                queue.delivered(next(queue));
            }
            try (ParkingLot lot = parking.open(ROUTES)) {
                assertThat(lot.waiting("plays"), is(1L));

                try (Queue again = retrieval.queue("plays")) {
                    again.delivered(next(again));
                    eventually("what waits", () -> polled(lot, again), is(0L));
                }
            }
        }
    }

    @Test
    public void brokersForgetWhatIsReleased() throws Exception {
        park(event(1, 0));

        try (Retrieval retrieval = parking.retrieve(ROUTES, 0, 1);
                Queue queue = retrieval.queue("plays")) {
            Parked parked = next(queue);
            queue.delivered(parked);
            queue.release(parked.ends());
            eventually(
                    "what the topic holds",
                    () -> {
                        queue.next();
                        return kafka.broker().records(settings.topic("plays"));
                    },
                    is(empty()));
        }
    }

    @Test
    public void refusesWhatIsTooLargeToWait() throws Exception {
        byte[] value = new byte[ParkedTopics.MAX_RECORD_BYTES];
        TimedEvent large = new TimedEvent(Event.of(new Origin("c/plays", 0, 0), null, value), NOON);

        try (ParkingLot lot = parking.open(ROUTES)) {
            RefusedException refused = assertThrows(RefusedException.class, () -> lot.park("plays", large));

            assertThat(refused.reason(), is(Reason.TOO_LARGE));
            assertThat(
                    refused.message(),
                    is("event must have at most 33554432 bytes to wait, but had "
                            + ParkedRecords.encode(large).length));
        }
    }

    private void park(TimedEvent... events) throws Exception {
        try (ParkingLot lot = parking.open(ROUTES)) {
            for (TimedEvent event : events) {
                lot.park("plays", event);
            }
            lot.flush();
        }
    }

    private List<TimedEvent> retrieve(int part, int parts, int number) throws Exception {
        List<TimedEvent> events = new ArrayList<>();
        try (Retrieval retrieval = parking.retrieve(ROUTES, part, parts);
                Queue queue = retrieval.queue("plays")) {
            while (events.size() < number) {
                events.addAll(queue.next().events());
            }
        }
        return events;
    }

    private static Parked next(Queue queue) throws Exception {
        Parked parked = queue.next();
        while (parked.events().isEmpty()) {
            parked = queue.next();
        }
        return parked;
    }

    private static long polled(ParkingLot lot, Queue queue) throws Exception {
        queue.next();
        return lot.waiting("plays");
    }

    private List<TimedEvent> ofPart(List<TimedEvent> events, int part, int parts) {
        return events.stream()
                .filter(event ->
                        ParkedTopics.partition(event.event().id().origin(), settings.partitions()) % parts == part)
                .toList();
    }

    private static List<TimedEvent> ofPartition(List<TimedEvent> events, int partition) {
        return events.stream()
                .filter(event -> event.event().id().origin().partition() == partition)
                .toList();
    }

    private static TimedEvent event(int partition, long offset) {
        return new TimedEvent(Event.of(new Origin("c/plays", partition, offset), null, new byte[] {1}), NOON);
    }
}
