package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.showings.ImpressionsAndPlays;
import io.millrace.testfixtures.showings.TitleEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * A join on a Flink cluster with its state in RocksDB, whose TaskManagers are killed, which goes on from savepoints with other numbers of tasks, and
 * which is cancelled and restored from its retained checkpoint: each play is there with the impressions that led to it, by its origin.
 */
public class JoinUnderKillsIT {
    private static final int PARTITIONS = 4;
    private static final int PARTS = 5;
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Instant STOP = Instant.parse("2040-01-01T00:00:00Z");

    private static final ImpressionsAndPlays STORY = ImpressionsAndPlays.seed(11)
            .plays(4_000)
            .profiles(300)
            .titles(20)
            .lasting(Duration.ofHours(20))
            .beyond(0.05)
            .unled(0.1)
            .unplayed(0.3)
            .duplicated(0.05);

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String name;
    private String impressions;
    private String plays;
    private String led;
    private String rates;

    @Before
    public void name() throws IOException {
        name = flink.name("conversions");
        impressions = kafka.topic("impressions", PARTITIONS);
        plays = kafka.topic("plays", PARTITIONS);
        led = kafka.topic("led", PARTITIONS);
        rates = kafka.topic("rates", PARTITIONS);
        writeSpec();
    }

    private Path path(String file) {
        return folder.getRoot().toPath().resolve(file);
    }

    private void writeSpec() throws IOException {
        String side = "key: event.profile_id + \"/\" + event.title_id, id: event.id, keep: {id: event.id}";
        Files.writeString(path("spec.yaml"), """
                name: %1$s
                isolation: shared
                sources:
                  impressions:
                    kafka: {bootstrapServers: "%2$s", topics: [%3$s], stop: "%7$s"}
                    eventTime: event.ts
                    idleAfter: never
                  plays:
                    kafka: {bootstrapServers: "%2$s", topics: [%4$s], stop: "%7$s"}
                    eventTime: event.ts
                    idleAfter: never
                joins:
                  led:
                    left: {from: impressions, %8$s}
                    right: {from: plays, %8$s, looksBack: PT4H}
                    type: rightOuter
                    creditOnce: true
                    list: true
                    rates: {by: event.title_id}
                routes:
                  - {name: led, from: [led], sink: {kafka: {bootstrapServers: "%2$s", topic: %5$s}}}
                  - {name: rates, from: [led-rates], sink: {kafka: {bootstrapServers: "%2$s", topic: %6$s}}}
                deadLetters: {files: {path: %9$s}}
                """.formatted(
                name, kafka.bootstrapServers(), impressions, plays, led, rates, STOP, side, path("dead-letters")));
    }

    @Test
    public void eachPlayHasTheImpressionsThatLedToItOnceByItsOrigin() throws IOException {
        produce(0);
        submit("--parallelism=2");
        awaitMoreResults(0);
        flink.rest().awaitMoreCheckpoints(job().id(), 1);
        ClusterRuns.killTaskManagers(flink, job().id());

        goingOn(1, "--parallelism=4", "--upgrade");
        ClusterRuns.killTaskManagers(flink, job().id());

        goingOn(2, "--parallelism=1", "--upgrade");

        flink.rest().awaitMoreCheckpoints(job().id(), 1);
        flink.rest().cancelAll();
        goingOn(3, "--parallelism=2", "--restore=latest");

        produce(4);
        String last = job().id();
        ClusterRuns.produceStop(kafka.broker(), impressions, PARTITIONS, STOP);
        ClusterRuns.produceStop(kafka.broker(), plays, PARTITIONS, STOP);
        flink.rest().awaitStatus(last, "FINISHED");

        assertThat(ClusterRuns.lines(path("dead-letters")), is(List.of()));
        Collection<JsonNode> results =
                ClusterRuns.byIdentity(kafka.broker(), led).values();
        assertThat(JoinResults.impressionsOfPlays(results), is(STORY.truthOfFirstPlays()));
        assertThat(
                ClusterRuns.byIdentity(kafka.broker(), rates).values().stream()
                        .map(JoinResults::rate)
                        .collect(Collectors.toSet()),
                is(Set.copyOf(STORY.rates(WINDOW))));
    }

    /** Another run goes on with what comes now. */
    private void goingOn(int part, String... options) {
        long results = kafka.broker().end(led);
        produce(part);
        submit(options);
        awaitMoreResults(results);
    }

    private void awaitMoreResults(long than) {
        eventually("results", () -> kafka.broker().end(led), greaterThan(than));
    }

    /** What arrives within a part of the whole time. */
    private void produce(int part) {
        produce(part, STORY.impressions(), impressions);
        produce(part, STORY.plays(), plays);
    }

    private void produce(int part, List<TitleEvent> all, String topic) {
        kafka.broker().produce(all.stream().filter(event -> part(event) == part).map(event -> event.recordFor(topic)));
    }

    private static int part(TitleEvent event) {
        Instant first = STORY.plays().get(0).arrival();
        Instant last = STORY.plays().get(STORY.plays().size() - 1).arrival();
        long part = Duration.between(first, last).toMillis() / PARTS + 1;
        return (int) Math.max(
                0, Math.min(PARTS - 1, Duration.between(first, event.arrival()).toMillis() / part));
    }

    private void submit(String... options) {
        ClusterRuns.submitWithRocksDb(flink.cluster(), path("spec.yaml"), path("state"), options);
    }

    private Job job() {
        return ClusterRuns.job(flink, name);
    }
}
