package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.util.stream.Collectors.joining;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What becomes of a job that routes share when one of them changes, comes or goes, and when its source does. */
public class SharedUpgradesIT {
    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String name;
    private String plays;

    @Before
    public void name() {
        name = flink.name("shared");
        plays = kafka.topic("plays", 8);
    }

    @Test
    public void changesAddsAndRemovesRoutesAndLeavesTheOthersTheirPositionsAndState() throws IOException {
        String kept = kafka.topic("kept");
        String changed = kafka.topic("changed");
        String added = kafka.topic("added");
        String scripted = kafka.topic("scripted");
        String plain = kafka.topic("plain");
        Path spec = spec(
                plays,
                route("kept", kept),
                scripted(route("rescripted", scripted), "[{once: event.n}]"),
                scripted(route("unscripted", plain), "[]"),
                route("changed", "event.n > 105", changed),
                hourly("archive"),
                hourly("left"),
                route("gone", kafka.topic("gone")));
        assertThat(submit(spec).status(), is(Commands.DONE));
        List<String> events = new ArrayList<>(produceToEach(8, 1, "2024-01-01T00:10:00Z"));
        eventually("kept", () -> sorted(values(kept)), is(sorted(events)));
        flink.rest().awaitMoreCheckpoints(job().id(), 2);

        spec(
                plays,
                route("kept", kept),
                scripted(route("rescripted", scripted), "[{twice: event.n}, {twice: event.n}]"),
                route("unscripted", plain),
                scripted(route("changed", "event.n > 203", changed), "[event]"),
                hourly("archive"),
                route("added", added));
        CommandLineRun upgraded = submit(spec, "--upgrade");

        assertThat(upgraded.err(), upgraded.status(), is(Commands.DONE));
        assertThat(
                upgraded.outLines(),
                contains(
                        is("route gone is gone; events of it that wait in topic " + name + "-parked-gone stay there"),
                        matchesPattern("route left is gone; what waited in its state is in file:.*savepoint-[^/]*"),
                        is("route added is new, and begins where the job has come to"),
                        matchesPattern("job " + name + " runs as [0-9a-f]{32}, from file:.*savepoint-.*"),
                        is("web pages: http://" + flink.cluster().master())));
        assertThat(lines("archive"), is(empty()));
        List<String> later = produceToEach(8, 2, "2024-01-01T02:10:00Z");
        eventually("added", () -> sorted(values(added)), is(sorted(later)));
        eventually("the archive", () -> sorted(lines("archive")), is(sorted(events)));
        eventually("kept", () -> sorted(values(kept)), is(sorted(events, later)));
        eventually("changed", () -> sorted(values(changed)), is(sorted(events.subList(6, 8), later.subList(4, 8))));
        eventually(
                "the script's results",
                () -> sorted(values(scripted)),
                is(sorted(made("once", events), made("twice", later), made("twice", later))));
        eventually("unscripted", () -> sorted(values(plain)), is(sorted(later)));
        assertThat(lines("left"), is(empty()));
        assertThat(flink.rest().exceptions(job().id()), is(empty()));
    }

    @Test
    public void refusesAnotherKindOfSinkForARouteWithStateBeforeAnythingIsStopped() throws IOException {
        String kept = kafka.topic("kept");
        Path spec = spec(plays, route("kept", kept), hourly("archive"));
        assertThat(submit(spec).status(), is(Commands.DONE));
        String id = job().id();

        spec(plays, route("kept", kept), route("archive", kafka.topic("archive")));
        CommandLineRun refused = submit(spec, "--upgrade");

        assertThat(refused.status(), is(Commands.WRONG));
        assertThat(
                refused.errLines(),
                contains("route archive: must keep the sink as it was, files, since job " + name
                        + " has state of it that the sink as it is now does not take; with another name it is another route,"
                        + " and begins without that state"));
        assertThat(job().id(), is(id));

        spec(plays, route("kept", kept), route("renamed", kafka.topic("archive")));
        CommandLineRun renamed = submit(spec, "--upgrade");
        assertThat(renamed.err(), renamed.status(), is(Commands.DONE));
    }

    @Test
    public void goesOnAfterATopicHasGrownWithoutALossOrARepeat() throws IOException {
        String kept = kafka.topic("kept");
        List<String> expected = new ArrayList<>(produceToEach(8, 0, "2024-01-01T00:10:00Z"));
        Path spec = spec(plays, route("kept", kept), hourly("archive"), hourly("left"));
        assertThat(submit(spec).status(), is(Commands.DONE));
        eventually("kept", () -> sorted(values(kept)), is(sorted(expected)));
        flink.rest().awaitMoreCheckpoints(job().id(), 2);

        kafka.broker().growTopic(plays, 12);
        expected.addAll(produceToEach(12, 1, "2024-01-01T00:20:00Z"));
        eventually(
                "the job's failures",
                () -> flink.rest().exceptions(job().id()).toString(),
                containsString("must keep its 8 partitions while it is read, but has 12 now"));
        spec(plays, route("kept", kept), hourly("archive"));
        CommandLineRun upgraded = submit(spec, "--upgrade", "--source=offsets");

        assertThat(upgraded.err(), upgraded.status(), is(Commands.DONE));
        assertThat(flink.rest().exceptions(job().id()), is(empty()));
        eventually("kept", () -> sorted(withoutRepeats(kept)), is(sorted(expected)));
        List<String> later = produceToEach(12, 2, "2024-01-01T02:10:00Z");
        eventually("the archive", () -> sorted(lines("archive")), is(sorted(expected)));
        eventually("kept", () -> sorted(withoutRepeats(kept)), is(sorted(expected, later)));
    }

    @Test
    public void readsOtherTopicsFromTheOffsetsReachedOnceItIsTold() throws IOException {
        String more = kafka.topic("more");
        String kept = kafka.topic("kept");
        String other = kafka.topic("other");
        List<String> expected = new ArrayList<>(produceToEach(8, 0, "2024-01-01T00:10:00Z"));
        Path spec = spec(plays, route("kept", kept), route("other", other));
        assertThat(submit(spec).status(), is(Commands.DONE));
        eventually("kept", () -> sorted(values(kept)), is(sorted(expected)));

        kafka.broker().produceTexts(more, "{\"n\":7,\"ts\":\"2024-01-01T00:10:00Z\"}");
        spec(plays + ", " + more, route("kept", kept), route("other", other));
        CommandLineRun asked = submit(spec, "--upgrade");
        CommandLineRun upgraded = submit(spec, "--upgrade", "--source=offsets");

        assertThat(asked.status(), is(Commands.WRONG));
        assertThat(asked.errLines().get(0), containsString("--source: must be given, since job " + name));
        assertThat(upgraded.err(), upgraded.status(), is(Commands.DONE));
        String reached = IntStream.range(0, 8)
                .mapToObj(partition -> "\"" + partition + "\":1")
                .collect(joining(","));
        assertThat(
                upgraded.errLines(),
                hasItem("job " + name + " goes on reading at {\"" + plays + "\":{" + reached + "}}"));
        expected.addAll(produceToEach(8, 1, "2024-01-01T00:20:00Z"));
        expected.add("{\"n\":7,\"ts\":\"2024-01-01T00:10:00Z\"}");
        eventually("kept", () -> sorted(values(kept)), is(sorted(expected)));
        eventually("other", () -> values(other), containsInAnyOrder(expected.toArray()));
    }

    private CommandLineRun submit(Path spec, String... options) {
        return ClusterRuns.submit(
                flink.cluster(),
                spec,
                Stream.concat(Stream.of("--parallelism=2"), Stream.of(options)).toArray(String[]::new));
    }

    private Job job() {
        return flink.rest().jobs().stream()
                .filter(job -> job.name().equals(name) && !job.hasEnded())
                .findFirst()
                .orElseThrow();
    }

    /** One event for each partition, all of one time. */
    private List<String> produceToEach(int partitions, int round, String time) {
        List<String> events = IntStream.range(0, partitions)
                .mapToObj(number -> "{\"n\":" + (100 * round + number) + ",\"ts\":\"" + time + "\"}")
                .toList();
        kafka.broker()
                .produce(IntStream.range(0, partitions)
                        .mapToObj(number -> new ProducerRecord<>(
                                plays, number, null, events.get(number).getBytes(StandardCharsets.UTF_8))));
        return events;
    }

    private List<String> values(String topic) {
        return ClusterRuns.values(kafka.broker(), topic);
    }

    /** A job that fails again and again repeats, under the same identity, what it has written since its last checkpoint. */
    private List<String> withoutRepeats(String topic) {
        return values(topic).stream().distinct().toList();
    }

    private List<String> lines(String route) throws IOException {
        return ClusterRuns.lines(folder.getRoot().toPath().resolve(route));
    }

    @SafeVarargs
    private static List<String> sorted(List<String>... lists) {
        return Stream.of(lists).flatMap(List::stream).sorted().toList();
    }

    private Path spec(String topics, String... routes) throws IOException {
        String text = """
                name: %s
                isolation: shared
                source:
                  kafka: {bootstrapServers: "%s", topics: [%s]}
                  eventTime: event.ts
                  idleAfter: never
                routes: [%s]
                parking: {kafka: {bootstrapServers: "%s", topicPrefix: %s-parked}}
                deadLetters: {files: {path: %s/dead-letters}}
                """.formatted(
                        name,
                        kafka.bootstrapServers(),
                        topics,
                        String.join(", ", routes),
                        kafka.bootstrapServers(),
                        name,
                        folder.getRoot());
        return Files.writeString(folder.getRoot().toPath().resolve("spec.yaml"), text);
    }

    private String route(String name, String topic) {
        return route(name, "true", topic);
    }

    private String route(String name, String filter, String topic) {
        return "{name: %s, filter: \"%s\", sink: {kafka: {bootstrapServers: \"%s\", topic: %s}}}"
                .formatted(name, filter, kafka.bootstrapServers(), topic);
    }

    /** A route whose script makes of an event what an expression in JavaScript gives. */
    private static String scripted(String route, String expression) {
        return route.replaceFirst(
                "\\}$", ", script: {source: \"function flatMap(event) { return " + expression + " }\"}}");
    }

    /** The numbers of events under a name, as the scripts make them. */
    private static List<String> made(String name, List<String> events) {
        return events.stream()
                .map(event -> event.replaceFirst("^\\{\"n\":(\\d+),.*", "{\"" + name + "\":$1}"))
                .toList();
    }

    /** A route whose lines wait in state until their hour has passed. */
    private String hourly(String name) {
        return "{name: %s, sink: {files: {path: %s/%s, window: PT1H}}}".formatted(name, folder.getRoot(), name);
    }
}
