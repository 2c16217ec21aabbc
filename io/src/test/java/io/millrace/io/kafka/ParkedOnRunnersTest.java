package io.millrace.io.kafka;

import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import io.millrace.io.bulkhead.InFlight;
import io.millrace.io.bulkhead.OnSlow;
import io.millrace.io.bulkhead.RouteWriter;
import io.millrace.io.bulkhead.WriteRoutes;
import io.millrace.io.sink.EventWriter;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.TimedEvent;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Run;
import io.millrace.transforms.router.Route;
import io.millrace.transforms.router.RouteEvents;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** While a sink is away its route's events wait in their topic and the other route goes on; then they come in their order. */
@RunWith(Parameterized.class)
public class ParkedOnRunnersTest {
    private static final Map<String, List<String>> DEAD = new ConcurrentHashMap<>();

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    private final Runner runner;
    private String plays;
    private KafkaParking parking;
    private String test;

    public ParkedOnRunnersTest(Runner runner) {
        this.runner = runner;
    }

    @Parameters(name = "{0}")
    public static Runner[] runners() {
        return Runner.values();
    }

    @Before
    public void createTopics() {
        test = kafka.name("sink");
        plays = kafka.topic("plays", 2);
        parking = new KafkaParking(kafka.bootstrapServers(), kafka.name("parked"), 2, Map.of());
    }

    @Test
    public void aRouteWaitsForItsSinkAndTheOtherDoesNotNotice() throws Exception {
        Gate slow = Gate.of(test + "slow");
        Gate well = Gate.of(test + "well");
        PipelineResult run = start();
        produce(0);
        eventually("events", slow::taken, is(events(1)));

        slow.close();
        produce(1);
        eventually("events of the other", well::taken, is(events(2)));
        waitUntil("events to wait", () -> kafka.broker().end(parking.topic("slow")) > 0);
        assertThat(slow.taken(), is(events(1)));

        slow.open();
        eventually("events", slow::taken, is(events(2)));
        produce(2);
        eventually("events", slow::taken, is(events(3)));
        eventually("what the sink gave up", () -> DEAD.getOrDefault(test, List.of()), hasItem("slow: bad 1"));
        run.cancel();
    }

    /** The numbers of the events of so many parts, by partition, in their order. */
    private static Map<Integer, List<Integer>> events(int parts) {
        Map<Integer, List<Integer>> events = new HashMap<>();
        for (int partition = 0; partition < 2; partition++) {
            events.put(partition, IntStream.range(0, 100 * parts).boxed().toList());
        }
        return events;
    }

    private void produce(int part) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int partition = 0; partition < 2; partition++) {
            for (int number = 100 * part; number < 100 * (part + 1); number++) {
                records.add(new ProducerRecord<>(
                        plays, partition, null, Integer.toString(number).getBytes(UTF_8)));
            }
        }
        records.add(new ProducerRecord<>(plays, 0, null, ("bad " + part).getBytes(UTF_8)));
        kafka.broker().produce(records);
    }

    private PipelineResult start() {
        PipelineOptions options = runner.options();
        if (runner == Runner.DIRECT) {
            options.as(DirectOptions.class).setBlockOnRun(false);
        } else {
            options.as(FlinkPipelineOptions.class).setAttachedMode(false);
        }
        Pipeline pipeline = Pipeline.create(options);
        pipeline.apply("Read", KafkaEvents.read(KafkaSource.of(kafka.bootstrapServers(), plays)))
                .events()
                .apply(
                        "Route",
                        RouteEvents.to(Route.named("slow"), Route.named("well")).merging(List.of("slow", "well")))
                .merged()
                .apply(
                        "Write",
                        WriteRoutes.of(List.of(writer("slow"), writer("well")))
                                .withParking(KafkaEvents.parking(parking)))
                .apply("Dead", ParDo.of(new KeepFn(test)));
        return pipeline.run();
    }

    private RouteWriter writer(String route) {
        String gate = test + route;
        return new RouteWriter(
                new SinkContext(new Run("plays", "", "run-1", 0), route, false),
                () -> new GatedWriter(Gate.of(gate)),
                InFlight.DEFAULT,
                OnSlow.PARK);
    }

    private static final class KeepFn extends DoFn<DeadLetter, Void> {
        private static final long serialVersionUID = 1;

        private final String test;

        KeepFn(String test) {
            this.test = test;
        }

        @ProcessElement
        public void process(@Element DeadLetter letter) {
            DEAD.computeIfAbsent(test, none -> new CopyOnWriteArrayList<>())
                    .add(letter.route() + ": " + new String(letter.event().value(), UTF_8));
        }
    }

    private record GatedWriter(Gate gate) implements EventWriter {
        @Override
        public Map<Integer, RefusedException> write(List<TimedEvent> events) throws InterruptedException {
            return gate.take(events);
        }

        @Override
        public void close() {}
    }

    /** A sink that all tasks of this process share: closed, it does not answer. It refuses what is bad, and drops repeats. */
    private static final class Gate {
        private static final Map<String, Gate> GATES = new ConcurrentHashMap<>();

        private final Map<Integer, List<Integer>> taken = new HashMap<>();
        private boolean closed;

        static Gate of(String name) {
            return GATES.computeIfAbsent(name, none -> new Gate());
        }

        synchronized Map<Integer, RefusedException> take(List<TimedEvent> events) throws InterruptedException {
            while (closed) {
                wait();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("given up just when it opened");
            }
            Map<Integer, RefusedException> refused = new HashMap<>();
            for (int position = 0; position < events.size(); position++) {
                String value = new String(events.get(position).event().value(), UTF_8);
                int partition = events.get(position).event().id().origin().partition();
                List<Integer> ofPartition = taken.computeIfAbsent(partition, none -> new ArrayList<>());
                if (value.startsWith("bad")) {
                    refused.put(position, new RefusedException(Reason.REFUSED, "bad"));
                } else if (ofPartition.isEmpty() || ofPartition.get(ofPartition.size() - 1) < Integer.parseInt(value)) {
                    ofPartition.add(Integer.valueOf(value));
                }
            }
            return refused;
        }

        synchronized Map<Integer, List<Integer>> taken() {
            Map<Integer, List<Integer>> copy = new HashMap<>();
            taken.forEach((partition, events) -> copy.put(partition, List.copyOf(events)));
            return copy;
        }

        synchronized void close() {
            closed = true;
        }

        synchronized void open() {
            closed = false;
            notifyAll();
        }
    }
}
