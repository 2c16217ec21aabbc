package io.millrace.benchmarks.router;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.ContenderProcess;
import io.millrace.benchmarks.race.Workload;
import io.millrace.testfixtures.events.PlayEvent;
import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** All contenders do the same work: the same results, at the same times, under the same keys. */
@RunWith(Parameterized.class)
public class ContenderIT {
    private static final int EVENTS = 3_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    @ClassRule
    public static final KafkaRule kafka = new KafkaRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Contender contender;

    public ContenderIT(Contender contender) {
        this.contender = contender;
    }

    @Parameters(name = "{0}")
    public static Contender[] contenders() {
        return Contender.values();
    }

    @Test
    public void writesWhatTheTaskSays() throws IOException {
        String output = kafka.topic("results", 8);
        Workload workload = Workload.load(kafka.broker(), kafka.name("plays"), 8, 8, EVENTS, Task::takes);
        Assignment assignment = new Assignment(kafka.bootstrapServers(), workload.topic(), output);

        try (ContenderProcess process = ContenderProcess.start(
                RouterWork.class,
                assignment,
                RouterWork.arguments(contender, 2),
                folder.getRoot().toPath(),
                List.of("-Xmx640m"))) {
            List<ConsumerRecord<byte[], byte[]>> results = eventually(
                    "results", () -> kafka.broker().records(output), hasSize(Math.toIntExact(workload.results())));

            assertThat(written(results), is(expected()));
            assertThat(process.sample().cpuNanos() > 0, is(true));
        }
    }

    private static Set<Map<String, JsonNode>> written(List<ConsumerRecord<byte[], byte[]>> results) throws IOException {
        Set<Map<String, JsonNode>> written = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> result : results) {
            written.add(result(text(result.key()), result.timestamp(), JSON.readTree(result.value())));
        }
        return written;
    }

    private static Set<Map<String, JsonNode>> expected() {
        Set<Map<String, JsonNode>> expected = new HashSet<>();
        Workload.events(EVENTS).filter(event -> Task.takes(event.play())).forEach(event -> {
            PlayEvent.Play play = event.play();
            JsonNode value = JSON.createObjectNode()
                    .put("profile_id", play.profileId())
                    .put("title_id", play.titleId())
                    .put("device", play.device())
                    .put("duration_s", play.durationSeconds());
            expected.add(result(play.profileId(), event.timestamp().toEpochMilli(), value));
        });
        return expected;
    }

    private static Map<String, JsonNode> result(String key, long time, JsonNode value) {
        return Map.of("key", JSON.valueToTree(key), "time", JSON.valueToTree(time), "value", value);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
