package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Versions of a script that are published, and taken back, while the job of their route runs on a cluster. */
public class ScriptVersionsIT {
    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String name;
    private String plays;
    private String results;
    private Path spec;

    @Before
    public void writeSpec() throws IOException {
        name = flink.name("scripted");
        plays = kafka.topic("plays");
        results = kafka.topic("results");
        spec = Files.writeString(folder.getRoot().toPath().resolve("spec.yaml"), """
                name: NAME
                source:
                  kafka: {bootstrapServers: "KAFKA", topics: [PLAYS]}
                  eventTime: event.ts
                routes:
                  - name: minutes
                    script: {dynamic: {kafka: {bootstrapServers: "KAFKA", topic: VERSIONS}}}
                    sink: {kafka: {bootstrapServers: "KAFKA", topic: RESULTS}}
                deadLetters: {files: {path: FOLDER/dead-letters}}
                """.replace("NAME", name)
                .replace("KAFKA", kafka.bootstrapServers())
                .replace("PLAYS", plays)
                .replace("RESULTS", results)
                .replace("VERSIONS", kafka.name("versions"))
                .replace("FOLDER", folder.getRoot().toString()));
    }

    @Test
    public void versionsComeAndGoWhileTheJobRunsAndEachHasTheEventsOfItsTime() throws IOException {
        List<String> expected = new ArrayList<>();
        produce(1, Instant.now());
        assertThat(submit().status(), is(Commands.DONE));
        String id = job().id();

        CommandLineRun first = publish(naming("v1"), "--id=v1", "--author=ada", "--wait=PT5M");
        assertThat(first.err(), first.status(), is(Commands.DONE));
        assertThat(first.outLines().get(1), is("route minutes of " + name + ": accepted"));
        expected.add("1 by v1, v1");
        eventually("results", this::results, is(expected));

        CommandLineRun second = publish(naming("v2"), "--id=v2", "--author=bob", "--wait=PT5M");
        Instant from = from(second);
        produce(2, from.minusMillis(1));
        produce(3, from);
        expected.addAll(List.of("2 by v1, v1", "3 by v2, v2"));
        eventually("results", this::results, is(expected));

        CommandLineRun back = publish("--again=v1", "--id=back", "--author=ada", "--wait=PT5M");
        assertThat(back.outLines().get(1), is("route minutes of " + name + ": accepted"));
        produce(4, from(back).minusMillis(1));
        produce(5, from(back));
        expected.addAll(List.of("4 by v2, v2", "5 by v1, v1"));
        eventually("results", this::results, is(expected));
        assertThat(job().id(), is(id));
        assertThat(flink.rest().exceptions(id), is(empty()));

        assertThat(
                CommandLineRun.of("script", "history", "--spec=" + spec).outLines().stream()
                        .map(line -> line.replaceAll("\\d[^ ]+Z", "T").replaceAll(" +", " "))
                        .toList(),
                contains(
                        "record published effective from author outcome",
                        "v1 T the beginning (T) ada accepted",
                        "v2 T T bob accepted",
                        "back T T ada accepted, in force now, version v1 again"));
        Audited audited = Audited.of(spec, "direct");
        assertThat(audited.run().err(), audited.status(), is(Commands.DONE));
        assertThat(audited.route("minutes"), is(Map.of("expected", 5L, "held", 5L)));
    }

    @Test
    public void aJobIsUpgradedToAnotherVersionOnPurpose() throws IOException {
        publish(naming("v1"), "--id=v1", "--wait=PT0S");
        publish(naming("v2"), "--id=v2", "--wait=PT0S");
        assertThat(submit("--script-version=v1").status(), is(Commands.DONE));
        produce(1, Instant.now().plusSeconds(60));
        eventually("results", this::results, contains("1 by v1, v1"));

        CommandLineRun upgraded = submit("--upgrade");

        assertThat(upgraded.err(), upgraded.status(), is(Commands.DONE));
        assertThat(upgraded.outLines().get(0), matchesPattern("job " + name + "--minutes runs as .*, from .*"));
        produce(2, Instant.now());
        eventually("results", this::results, containsInAnyOrder("1 by v1, v1", "2 by v2, v2"));
    }

    private CommandLineRun submit(String... options) {
        return ClusterRuns.submit(flink.cluster(), spec, options);
    }

    private Job job() {
        return flink.rest().jobs().stream()
                .filter(job -> job.name().equals(name + "--minutes") && !job.hasEnded())
                .findFirst()
                .orElseThrow();
    }

    private CommandLineRun publish(String... arguments) {
        List<String> all = new ArrayList<>(List.of("script", "publish", "--spec=" + spec));
        all.addAll(List.of(arguments));
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    private static Instant from(CommandLineRun published) {
        return Instant.parse(published.outLines().get(0).replaceFirst(".* from (\\S+) on", "$1"));
    }

    private String naming(String version) throws IOException {
        return Files.writeString(
                        folder.getRoot().toPath().resolve(version + ".js"),
                        "function map(event) { return {id: event.id, by: '" + version + "'} }")
                .toString();
    }

    private void produce(int id, Instant time) {
        kafka.broker().produceTexts(plays, "{\"id\":" + id + ",\"ts\":\"" + time + "\"}");
    }

    /** Of each result, which event it is of, by which script, and by which one it says that it was made. */
    private List<String> results() {
        return kafka.broker().records(results).stream()
                .map(ScriptVersionsIT::result)
                .toList();
    }

    private static String result(ConsumerRecord<byte[], byte[]> read) {
        return new String(read.value(), UTF_8).replaceAll("\\{\"id\":(\\d+),\"by\":\"(.*)\"}", "$1 by $2") + ", "
                + new String(read.headers().lastHeader("millrace-script").value(), UTF_8);
    }
}
