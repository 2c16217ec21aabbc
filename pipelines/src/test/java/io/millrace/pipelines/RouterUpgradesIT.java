package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.util.stream.Collectors.toSet;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What becomes of a router's jobs on a cluster when its spec changes, its topic grows, or its submit breaks off. */
public class RouterUpgradesIT {
    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void changesOneRouteAddsOneAndStopsOneAndLeavesTheOthersWhereTheyAre() throws IOException {
        String plays = kafka.topic("plays");
        String changed = kafka.topic("changed");
        String kept = kafka.topic("kept");
        String added = kafka.topic("added");
        String left = kafka.topic("left");
        String name = flink.name("router");
        produce(plays, 1, 2);
        String passing = "script: {source: 'function filter(event) { return true }'}";
        Path spec = spec(
                name,
                plays,
                route("changed", "event.n > 1", changed),
                scripted(route("kept", kept), passing),
                route("left", left));
        assertThat(submit(spec).status(), is(Commands.DONE));
        Path other = spec(name + "--kept", plays, route("other", kafka.topic("other")));
        assertThat(submit(other).status(), is(Commands.DONE));
        eventually("changed", () -> values(changed), contains("{\"n\":2}"));
        eventually("kept", () -> values(kept), contains("{\"n\":1}", "{\"n\":2}"));
        eventually("left", () -> values(left), contains("{\"n\":1}", "{\"n\":2}"));

        String negating = "script: {source: 'function map(event) { return {n: -event.n} }'}";
        spec(
                name,
                plays,
                scripted(route("changed", "event.n > 0", changed), negating),
                route("kept", kept),
                route("added", added));
        CommandLineRun upgraded = submit(spec, "--upgrade");

        assertThat(upgraded.err(), upgraded.status(), is(Commands.DONE));
        assertThat(
                upgraded.outLines(),
                contains(
                        matchesPattern(
                                "job " + name
                                        + "--left was stopped, since the spec has no such route; its state is file:.*savepoint-.*"),
                        matchesPattern("job " + name + "--changed runs as [0-9a-f]{32}, from file:.*savepoint-.*"),
                        matchesPattern("job " + name + "--kept runs as [0-9a-f]{32}, from file:.*savepoint-.*"),
                        matchesPattern("job " + name + "--added runs as [0-9a-f]{32}"),
                        is("web pages: http://" + flink.cluster().master())));
        assertThat(
                running(), is(Set.of(name + "--changed", name + "--kept", name + "--added", name + "--kept--other")));
        produce(plays, 3);
        eventually("changed", () -> values(changed), contains("{\"n\":2}", "{\"n\":-3}"));
        eventually("kept", () -> values(kept), contains("{\"n\":1}", "{\"n\":2}", "{\"n\":3}"));
        eventually("added", () -> values(added), contains("{\"n\":1}", "{\"n\":2}", "{\"n\":3}"));
        assertThat(values(left), contains("{\"n\":1}", "{\"n\":2}"));
    }

    @Test
    public void readsAChangedSourceFromTheOffsetsReachedOnceItIsTold() throws IOException {
        String plays = kafka.topic("plays");
        String more = kafka.topic("more");
        String results = kafka.topic("results");
        String name = flink.name("router");
        produce(plays, 1, 2);
        produce(more, 7);
        Path spec = spec(name, plays, route("all", results));
        assertThat(submit(spec).status(), is(Commands.DONE));
        eventually("results", () -> values(results), contains("{\"n\":1}", "{\"n\":2}"));

        spec(name, plays + ", " + more, route("all", results));
        CommandLineRun asked = submit(spec, "--upgrade");

        assertThat(asked.status(), is(Commands.WRONG));
        assertThat(
                asked.errLines().get(0),
                startsWith(
                        "--source: must be given, since job " + name
                                + "--all may have read another source than the spec has now: offsets to read the spec's from the offsets"));
        assertThat(running(), is(Set.of(name + "--all")));

        CommandLineRun upgraded = submit(spec, "--upgrade", "--source=offsets");

        assertThat(upgraded.err(), upgraded.status(), is(Commands.DONE));
        assertThat(
                upgraded.errLines(), hasItem("job " + name + "--all goes on reading at {\"" + plays + "\":{\"0\":2}}"));
        produce(plays, 3);
        produce(more, 8);
        eventually(
                "results",
                () -> values(results),
                containsInAnyOrder("{\"n\":1}", "{\"n\":2}", "{\"n\":3}", "{\"n\":7}", "{\"n\":8}"));
    }

    @Test
    public void goesOnAfterATopicHasGrownWithoutALossOrARepeat() throws IOException {
        String plays = kafka.topic("plays", 8);
        Path archive = folder.getRoot().toPath().resolve("archive");
        String name = flink.name("router");
        List<String> expected = new ArrayList<>();
        expected.addAll(produceToEach(plays, 8, 0));
        Path spec = spec(name, plays, "{name: archive, sink: {files: {path: " + archive + ", shards: 3}}}");
        assertThat(submit(spec, "--parallelism=2").status(), is(Commands.DONE));
        flink.rest().awaitMoreCheckpoints(runningJob(name), 2);

        kafka.broker().growTopic(plays, 12);
        expected.addAll(produceToEach(plays, 12, 1));
        eventually(
                "the job's failures",
                () -> flink.rest().exceptions(runningJob(name)).toString(),
                containsString("must keep its 8 partitions while it is read, but has 12 now"));
        CommandLineRun upgraded = submit(spec, "--parallelism=2", "--upgrade", "--source=offsets");

        assertThat(upgraded.err(), upgraded.status(), is(Commands.DONE));
        expected.addAll(produceToEach(plays, 12, 2));
        Collections.sort(expected);
        eventually("the archive", () -> lines(archive).stream().sorted().toList(), is(expected));
        assertThat(flink.rest().exceptions(runningJob(name)), is(empty()));
    }

    @Test
    public void restoresAJobThatWasCancelledFromItsLatestState() throws IOException {
        String plays = kafka.topic("plays");
        String results = kafka.topic("results");
        String name = flink.name("router");
        produce(plays, 1);
        Path spec = spec(name, plays, route("all", results));
        assertThat(submit(spec).status(), is(Commands.DONE));
        eventually("results", () -> values(results), contains("{\"n\":1}"));
        flink.rest().awaitMoreCheckpoints(runningJob(name), 2);
        flink.rest().cancelAll();

        CommandLineRun restored = submit(spec, "--restore=latest");

        assertThat(restored.err(), restored.status(), is(Commands.DONE));
        produce(plays, 2);
        eventually("results", () -> values(results), contains("{\"n\":1}", "{\"n\":2}"));
    }

    @Test
    public void saysWhereTheStateIsOfAJobThatCannotGoOnAsTheSpecIsNow() throws IOException {
        String plays = kafka.topic("plays");
        Path archive = folder.getRoot().toPath().resolve("archive");
        String name = flink.name("router");
        produce(plays, 1);
        String toFiles = "{name: all, sink: {files: {path: " + archive + "}}}";
        Path spec = spec(name, plays, toFiles);
        assertThat(submit(spec).status(), is(Commands.DONE));
        flink.rest().awaitMoreCheckpoints(runningJob(name), 2);

        spec(name, plays + ", " + kafka.name("missing"), toFiles);
        CommandLineRun upgraded = submit(spec, "--upgrade", "--source=offsets");

        assertThat(upgraded.status(), is(Commands.FAILED));
        String said = upgraded.errLines().get(upgraded.errLines().size() - 1);
        assertThat(
                said,
                matchesPattern("job " + name
                        + "--all did not start: .*; what ran before was stopped, and --restore=file:.*savepoint-.* --source=offsets --route=all"
                        + " goes on from there"));
        spec(name, plays, toFiles);
        String restore = said.replaceAll(".*(--restore=\\S+).*", "$1");
        CommandLineRun restored = submit(spec, restore + "/", "--source=offsets", "--route=all");
        assertThat(restored.err(), restored.status(), is(Commands.DONE));
        produce(plays, 2);
        eventually("the archive", () -> lines(archive), containsInAnyOrder("{\"n\":1}", "{\"n\":2}"));
    }

    @Test
    public void refusesAnotherKindOfSinkForAJobWithStateBeforeItIsStopped() throws IOException {
        String plays = kafka.topic("plays");
        String name = flink.name("router");
        Path spec = spec(name, plays, "{name: all, sink: {files: {path: " + folder.getRoot() + "/archive}}}");
        assertThat(submit(spec).status(), is(Commands.DONE));
        String id = runningJob(name);

        spec(name, plays, route("all", kafka.topic("all")));
        CommandLineRun refused = submit(spec, "--upgrade");

        assertThat(refused.status(), is(Commands.WRONG));
        assertThat(
                refused.errLines(),
                contains("route all: must keep the sink as it was, files, since job " + name
                        + "--all has state of it that the sink as it is now does not take; with another name it is another route,"
                        + " and begins without that state"));
        assertThat(runningJob(name), is(id));
    }

    @Test
    public void completesASubmitThatBrokeOff() throws Exception {
        String plays = kafka.topic("plays");
        List<String> results = List.of(kafka.topic("a"), kafka.topic("b"), kafka.topic("c"));
        String name = flink.name("router");
        produce(plays, 1, 2);
        Path spec =
                spec(name, plays, route("a", results.get(0)), route("b", results.get(1)), route("c", results.get(2)));

        Process submitter = MillraceProcess.start(folder.getRoot(), ClusterRuns.arguments(flink.cluster(), spec));
        eventually("running jobs", () -> running().size(), greaterThan(0));
        submitter.destroyForcibly().waitFor();
        assertThat(running(), not(hasItem(name + "--c")));
        CommandLineRun completed = submit(spec);

        assertThat(completed.err(), completed.status(), is(Commands.DONE));
        assertThat(completed.errLines(), hasItem("job " + name + "--a runs already"));
        assertThat(
                jobsOf(name).stream().map(Job::name).toList(),
                containsInAnyOrder(name + "--a", name + "--b", name + "--c"));
        for (String topic : results) {
            eventually("results", () -> values(topic), contains("{\"n\":1}", "{\"n\":2}"));
        }
    }

    private CommandLineRun submit(Path spec, String... options) {
        return ClusterRuns.submit(flink.cluster(), spec, options);
    }

    private Set<String> running() {
        return flink.rest().jobs().stream()
                .filter(job -> !job.hasEnded())
                .map(Job::name)
                .collect(toSet());
    }

    private String runningJob(String pipeline) {
        return jobsOf(pipeline).stream()
                .filter(job -> !job.hasEnded())
                .findFirst()
                .orElseThrow()
                .id();
    }

    private List<Job> jobsOf(String pipeline) {
        return flink.rest().jobs().stream()
                .filter(job -> job.name().startsWith(pipeline + "--"))
                .toList();
    }

    private void produce(String topic, int... numbers) {
        kafka.broker()
                .produceTexts(
                        topic,
                        IntStream.of(numbers).mapToObj(RouterUpgradesIT::event).toArray(String[]::new));
    }

    /** One event for each partition of a topic. */
    private List<String> produceToEach(String topic, int partitions, int round) {
        List<String> events = IntStream.range(0, partitions)
                .mapToObj(number -> event(100 * round + number))
                .toList();
        kafka.broker()
                .produce(IntStream.range(0, partitions)
                        .mapToObj(number -> new ProducerRecord<>(
                                topic, number, null, events.get(number).getBytes(StandardCharsets.UTF_8))));
        return events;
    }

    private static String event(int number) {
        return "{\"n\":" + number + "}";
    }

    private List<String> values(String topic) {
        return ClusterRuns.values(kafka.broker(), topic);
    }

    private static List<String> lines(Path folder) throws IOException {
        return ClusterRuns.lines(folder);
    }

    private Path spec(String name, String topics, String... routes) throws IOException {
        String text =
                """
                name: %s
                source: {kafka: {bootstrapServers: "%s", topics: [%s]}}
                routes: [%s]
                deadLetters: {files: {path: %s/dead-letters}}
                """.formatted(name, kafka.bootstrapServers(), topics, String.join(", ", routes), folder.getRoot());
        return Files.writeString(folder.getRoot().toPath().resolve(name + ".yaml"), text);
    }

    private String route(String name, String topic) {
        return route(name, "true", topic);
    }

    private String route(String name, String filter, String topic) {
        return "{name: %s, filter: \"%s\", sink: {kafka: {bootstrapServers: \"%s\", topic: %s}}}"
                .formatted(name, filter, kafka.bootstrapServers(), topic);
    }

    private static String scripted(String route, String script) {
        return route.replaceFirst("\\}$", ", " + script + "}");
    }
}
