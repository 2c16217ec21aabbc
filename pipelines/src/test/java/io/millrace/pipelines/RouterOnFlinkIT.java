package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The command line against a Flink session cluster of processes of its own, with the packaged jar. */
public class RouterOnFlinkIT {
    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void runsEachRouteAsAJobOfItsOwnFromKafkaIntoKafkaAndFiles() throws IOException {
        String plays = kafka.topic("plays", 2);
        String longPlays = kafka.topic("long-plays", 2);
        kafka.broker().produceTexts(plays, play("p1", 30), play("p2", 90), "{broken", play("p3", 120));
        String name = pipelineName();
        Path spec = spec(name, plays, longPlays);

        CommandLineRun submitted = submit(spec);

        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
        assertThat(
                submitted.outLines(),
                containsInAnyOrder(
                        matchesPattern("job " + name + "--long-plays runs as [0-9a-f]{32}"),
                        matchesPattern("job " + name + "--archive runs as [0-9a-f]{32}"),
                        is("web pages: http://" + flink.cluster().master())));
        jobsOf(name).forEach(job -> flink.rest().awaitStatus(job.id(), "FINISHED"));
        assertThat(
                ClusterRuns.values(kafka.broker(), longPlays),
                containsInAnyOrder("{\"profile\":\"p2\"}", "{\"profile\":\"p3\"}"));
        assertThat(
                ClusterRuns.lines(folder.getRoot().toPath().resolve("archive")),
                containsInAnyOrder(play("p1", 30), play("p2", 90), "{broken", play("p3", 120)));
        List<String> deadLetters = ClusterRuns.lines(folder.getRoot().toPath().resolve("dead-letters"));
        assertThat(deadLetters.size(), is(1));
        assertThat(deadLetters.get(0), startsWith("{\"dlVersion\":1"));
    }

    @Test
    public void showsARoutesMetricsByTheirNames() throws IOException {
        String plays = kafka.topic("plays");
        String name = pipelineName();
        Path spec = spec(name, plays, kafka.topic("long-plays"));
        Files.writeString(spec, Files.readString(spec).replace("stop: end", "stop: never"));
        kafka.broker().produceTexts(plays, play("p1", 30), play("p2", 90), "{broken");
        assertThat(submit(spec, "--route=long-plays").status(), is(Commands.DONE));
        String job = jobsOf(name).get(0).id();

        String metrics = "millrace_" + name + "_long-plays_"; // Flink's REST interface writes _ for .
        eventually(
                "metrics",
                () -> metrics(job, metrics),
                allOf(
                        hasEntry("in", 3.0),
                        hasEntry("delivered", 1.0),
                        hasEntry("filtered", 1.0),
                        hasEntry("dead_lettered", 1.0),
                        hasEntry("dead_lettered_by_notJson", 1.0),
                        hasEntry("in_flight", 0.0),
                        hasKey("event_time_lag_ms")));
    }

    /** The metrics of a job whose names have a prefix, each summed over operators and subtasks. */
    private Map<String, Double> metrics(String job, String prefix) {
        Map<String, Double> metrics = new TreeMap<>();
        for (JsonNode vertex : flink.rest().get("/jobs/" + job).get("vertices")) {
            String path = "/jobs/" + job + "/vertices/" + vertex.get("id").textValue() + "/subtasks/metrics";
            for (JsonNode metric : flink.rest().get(path)) {
                String id = metric.get("id").textValue();
                if (id.contains(prefix)) {
                    String name = id.substring(id.indexOf(prefix) + prefix.length());
                    metrics.merge(name, sum(path, id), Double::sum);
                }
            }
        }
        return metrics;
    }

    private double sum(String path, String metric) {
        return flink.rest()
                .get(path + "?get=" + URLEncoder.encode(metric, StandardCharsets.UTF_8) + "&agg=sum")
                .get(0)
                .get("sum")
                .doubleValue();
    }

    @Test
    public void namesAJobThatRunsAlready() throws IOException {
        String plays = kafka.topic("plays");
        String name = pipelineName();
        Path spec = spec(name, plays, kafka.topic("long-plays"));
        Files.writeString(spec, Files.readString(spec).replace("stop: end", "stop: never"));
        assertThat(submit(spec, "--route=archive").status(), is(Commands.DONE));

        CommandLineRun again = submit(spec, "--route=archive");

        assertThat(again.status(), is(Commands.FAILED));
        assertThat(again.errLines().get(0), is("job " + name + "--archive runs already"));
        CommandLineRun completed = submit(spec);
        assertThat(completed.err(), completed.status(), is(Commands.DONE));
        assertThat(completed.errLines(), hasItem("job " + name + "--archive runs already"));
        eventually(
                "running jobs",
                () -> jobsOf(name).stream()
                        .filter(job -> !job.hasEnded())
                        .map(Job::name)
                        .toList(),
                containsInAnyOrder(name + "--archive", name + "--long-plays"));
    }

    @Test
    public void saysInOneLineWhyAJobDoesNotStart() throws IOException {
        String name = pipelineName();
        String missing = kafka.name("no-such-topic");

        CommandLineRun submitted = submit(spec(name, missing, kafka.topic("long-plays")), "--route=archive");

        assertThat(submitted.status(), is(Commands.FAILED));
        assertThat(
                submitted.errLines().get(1),
                is("job " + name + "--archive did not start: topic " + missing + " must be at "
                        + kafka.bootstrapServers() + ", but does not exist: it must be created before it is read"));
        assertThat(jobsOf(name), is(empty()));
    }

    @Test
    public void leavesNoJobThatReadsNothingWhereTheBrokersDoNotAnswer() throws IOException {
        String name = pipelineName();
        Path spec = spec(name, kafka.topic("plays"), kafka.topic("long-plays"));
        String text = Files.readString(spec)
                .replaceFirst("bootstrapServers: \"[^\"]+\"", "bootstrapServers: \"127.0.0.1:1\"")
                .replace(
                        "stop: end",
                        "stop: never, properties: {default.api.timeout.ms: 2000, request.timeout.ms: 1000}");
        Files.writeString(spec, text);

        CommandLineRun submitted = submit(spec, "--route=archive");

        assertThat(submitted.status(), is(Commands.FAILED));
        assertThat(submitted.errLines().get(1), startsWith("job " + name + "--archive did not start: "));
        assertThat(submitted.errLines().get(1), containsString("127.0.0.1:1 must answer"));
        assertThat(jobsOf(name), is(empty()));
    }

    private CommandLineRun submit(Path spec, String... options) {
        return ClusterRuns.submit(flink.cluster(), spec, options);
    }

    private List<Job> jobsOf(String pipeline) {
        return flink.rest().jobs().stream()
                .filter(job -> job.name().startsWith(pipeline + "--"))
                .toList();
    }

    private Path spec(String name, String plays, String longPlays) throws IOException {
        String text = """
                name: %s
                source:
                  kafka: {bootstrapServers: "%s", topics: [%s], stop: end}
                routes:
                  - name: long-plays
                    filter: event.duration_s > 60
                    project: {profile: event.profile}
                    sink: {kafka: {bootstrapServers: "%s", topic: %s}}
                  - name: archive
                    sink: {files: {path: %s/archive}}
                deadLetters: {files: {path: %s/dead-letters}}
                """.formatted(
                        name,
                        kafka.bootstrapServers(),
                        plays,
                        kafka.bootstrapServers(),
                        longPlays,
                        folder.getRoot(),
                        folder.getRoot());
        return Files.writeString(folder.newFile("spec.yaml").toPath(), text);
    }

    private String pipelineName() {
        return flink.name("router");
    }

    private static String play(String profile, int seconds) {
        return "{\"profile\":\"" + profile + "\",\"duration_s\":" + seconds + "}";
    }
}
