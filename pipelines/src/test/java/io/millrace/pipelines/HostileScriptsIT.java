package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.scripts.HostileScript;
import io.millrace.testfixtures.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A script at its worst, on TaskManagers with a heap of 512 MB: each attack costs its own event, and no other. */
public class HostileScriptsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String pipeline;
    private String plays;
    private String results;
    private String deadLetters;
    private int good;

    @Test
    public void everyAttackCostsItsOwnEventAlone() throws IOException {
        pipeline = flink.name("hostile");
        plays = kafka.topic("plays");
        results = kafka.topic("results");
        deadLetters = kafka.topic("dead-letters");
        List<ServerProcess> taskManagers = flink.cluster().taskManagerProcesses();
        Map<String, String> expected = new TreeMap<>();
        List<String> events = new ArrayList<>(List.of(good()));
        HostileScript.stopped().forEach(attack -> attack(attack, "scriptLimit", events, expected));
        HostileScript.failing().forEach(attack -> attack(attack, "scriptFailed", events, expected));

        CommandLineRun submitted = ClusterRuns.submit(flink.cluster(), spec());
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
        kafka.broker().produceTexts(plays, events.toArray(String[]::new));

        eventually("good events", () -> ClusterRuns.values(kafka.broker(), results), hasSize(good));
        assertThat(
                ClusterRuns.values(kafka.broker(), results),
                is(IntStream.range(0, good).mapToObj(HostileScript::result).toList()));
        eventually("dead letters", () -> kafka.broker().records(deadLetters), hasSize(expected.size()));
        assertThat(reasons(), is(expected));
        assertThat(flink.rest().restores(job().id()), is(0));
        assertThat(flink.cluster().taskManagerProcesses(), is(taskManagers));
    }

    private String good() {
        return HostileScript.good(good++);
    }

    private void attack(String attack, String reason, List<String> events, Map<String, String> expected) {
        events.add(HostileScript.attacking(attack));
        events.add(good());
        expected.put(attack, reason);
    }

    private Map<String, String> reasons() throws IOException {
        Map<String, String> reasons = new TreeMap<>();
        for (String letter : ClusterRuns.values(kafka.broker(), deadLetters)) {
            JsonNode json = JSON.readTree(letter);
            reasons.put(
                    JSON.readTree(json.get("valueText").asText()).get("attack").asText(),
                    json.get("reason").asText());
        }
        return reasons;
    }

    private Job job() {
        return flink.rest().jobs().stream()
                .filter(job -> job.name().equals(pipeline + "--mapped"))
                .findFirst()
                .orElseThrow();
    }

    private Path spec() throws IOException {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("name", pipeline);
        spec.put(
                "source",
                Map.of("kafka", Map.of("bootstrapServers", kafka.bootstrapServers(), "topics", List.of(plays))));
        spec.put(
                "routes",
                List.of(Map.of(
                        "name",
                        "mapped",
                        "script",
                        Map.of("source", HostileScript.source(), "function", "map"),
                        "sink",
                        sink(results))));
        spec.put("deadLetters", sink(deadLetters));
        return Files.write(
                folder.newFile("spec.json").toPath(),
                JSON.writeValueAsString(spec).getBytes(UTF_8));
    }

    private Map<String, Object> sink(String topic) {
        return Map.of("kafka", Map.of("bootstrapServers", kafka.bootstrapServers(), "topic", topic));
    }
}
