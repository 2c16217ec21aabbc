package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.io.kafka.ControlTopic;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.script.version.ControlLog.Entry;
import io.millrace.transforms.script.version.ControlRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A script that changes while a job runs in two processes: each event has the version of its time, once, also in a rerun. */
public class ScriptVersionsUnderLoadIT {
    private static final int PARTITIONS = 8;
    private static final String GOOD = "function map(event) { return { n: event.n, by: '%s' } }";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger sent = new AtomicInteger();

    private String pipeline;
    private String plays;
    private String results;
    private String control;
    private String deadLetters;
    private Path spec;

    @Before
    public void submit() throws IOException {
        pipeline = flink.name("versions");
        plays = kafka.topic("plays", PARTITIONS);
        results = kafka.topic("results", PARTITIONS);
        deadLetters = kafka.topic("dead-letters");
        control = kafka.topic("control-of") + "-script";
        spec = spec(results, deadLetters, "never");
        CommandLineRun submitted = ClusterRuns.submit(flink.cluster(), spec, "--parallelism=8");
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
    }

    @After
    public void stopLoad() {
        load.shutdownNow();
    }

    @Test
    public void everyEventHasTheVersionOfItsTimeOnce() throws IOException {
        startLoad();
        eventually("events that wait for a first version", sent::get, greaterThan(200));
        assertThat(kafka.broker().records(results), is(empty()));
        assertThat(kafka.broker().records(deadLetters), is(empty()));

        publish("v1", GOOD.formatted("v1"));
        awaitVersion("v1");
        publish("v2", GOOD.formatted("v2"));
        flink.cluster().killTaskManager();
        flink.cluster().startTaskManager();
        awaitVersion("v2");
        Path tests = Files.writeString(
                folder.newFile("tests.json").toPath(), "[{\"event\": {\"n\": 1}, \"expect\": {\"n\": 2}}]");
        CommandLineRun refused = run("publish", script("v3", GOOD.formatted("v3")), "--id=v3", "--tests=" + tests);
        assertThat(refused.toString(), refused.status(), is(Commands.WRONG));
        publish("v4", "function map(event) { return event.no.such }");
        Eventually.within(Duration.ofMinutes(5)).see("the withdrawal", this::controlIds, hasItem("withdrawn-v4"));
        await("v2", from("withdrawn-v4"));
        again("v1");
        stop();

        List<ConsumerRecord<byte[], byte[]>> delivered = once(kafka.broker().records(results));
        assertThat(delivered.size() + once(kafka.broker().records(deadLetters)).size(), is(sent.get()));
        delivered.forEach(this::checkVersion);
        assertThat(versions(delivered).keySet().toString(), is("[v1, v2]"));
        checkRerun(delivered);
    }

    /** The same bytes and headers of every event, made by another job from the topics alone. */
    private void checkRerun(List<ConsumerRecord<byte[], byte[]>> delivered) throws IOException {
        String again = kafka.topic("again", PARTITIONS);
        String lettersAgain = kafka.topic("letters-again");
        CommandLineRun rerun = CommandLineRun.of(
                "router", "--spec=" + spec(again, lettersAgain, "end"), "--runner=flink-local", "--parallelism=2");
        assertThat(rerun.err(), rerun.status(), is(Commands.DONE));
        assertThat(texts(once(kafka.broker().records(again))), is(texts(delivered)));
    }

    private static Map<String, String> texts(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, String> texts = new TreeMap<>();
        records.forEach(record ->
                texts.put(header(record, "millrace-id"), header(record, "millrace-script") + " " + value(record)));
        return texts;
    }

    private void startLoad() {
        load.scheduleAtFixedRate(
                () -> {
                    int n = sent.get();
                    kafka.broker()
                            .produce(List.of(new ProducerRecord<>(
                                    plays, n % PARTITIONS, null, ("{\"n\":" + n + "}").getBytes(UTF_8))));
                    sent.set(n + 1);
                },
                0,
                2,
                TimeUnit.MILLISECONDS);
    }

    private void stop() {
        load.shutdown();
        eventually("the load to end", load::isTerminated, is(true));
        eventually(
                "results of all events",
                () -> once(kafka.broker().records(results)).size()
                        + once(kafka.broker().records(deadLetters)).size(),
                is(sent.get()));
        assertThat(job().state(), is("RUNNING"));
    }

    private void publish(String id, String source) throws IOException {
        CommandLineRun published = run("publish", script(id, source), "--id=" + id);
        assertThat(published.toString(), published.status(), is(Commands.DONE));
    }

    private void again(String version) {
        CommandLineRun published =
                CommandLineRun.of("script", "publish", "--again=" + version, "--spec=" + spec, "--id=back");
        assertThat(published.toString(), published.status(), is(Commands.DONE));
        await(version, from("back"));
    }

    private CommandLineRun run(String command, Path script, String... options) {
        List<String> arguments = new ArrayList<>(List.of("script", command, script.toString(), "--spec=" + spec));
        arguments.addAll(List.of(options));
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    private Path script(String id, String source) throws IOException {
        return Files.writeString(folder.newFile(id + ".js").toPath(), source);
    }

    private void awaitVersion(String version) {
        await(version, from(version));
    }

    /** Results of events behind the time from which a version is in force. */
    private void await(String version, Instant from) {
        eventually(
                "results by " + version + " of every partition",
                () -> kafka.broker().records(results).stream()
                        .filter(result -> result.timestamp() >= from.toEpochMilli())
                        .filter(result -> header(result, "millrace-script").equals(version))
                        .map(ConsumerRecord::partition)
                        .distinct()
                        .toList(),
                hasSize(PARTITIONS));
    }

    private Instant from(String record) {
        return records().stream()
                .filter(one -> one.id().equals(record))
                .findFirst()
                .orElseThrow()
                .effectiveFrom();
    }

    private List<String> controlIds() {
        return records().stream().map(ControlRecord::id).toList();
    }

    private List<ControlRecord> records() {
        try {
            return KafkaEvents.controlLog(ControlTopic.of(kafka.bootstrapServers(), control)).history().stream()
                    .map(Entry::text)
                    .map(ControlRecord::parse)
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** What a restart has written again counts once. */
    private static List<ConsumerRecord<byte[], byte[]>> once(List<ConsumerRecord<byte[], byte[]>> records) {
        return List.copyOf(records.stream()
                .collect(Collectors.toMap(
                        record -> header(record, "millrace-id"), record -> record, (first, repeated) -> {
                            assertThat(value(repeated), is(value(first)));
                            return first;
                        }))
                .values());
    }

    private void checkVersion(ConsumerRecord<byte[], byte[]> result) {
        List<ControlRecord> all = records();
        Instant time = Instant.ofEpochMilli(result.timestamp());
        String expected = all.stream()
                .skip(1)
                .filter(one -> !one.effectiveFrom().isAfter(time))
                .reduce((earlier, later) -> later)
                .orElse(all.get(0))
                .versionId();
        assertThat(value(result), header(result, "millrace-script"), is(expected));
        assertThat(value(result), result.headers().lastHeader("millrace-script-provisional"), is(nullValue()));
        assertThat(value(result), containsString("\"by\":\"" + expected + "\""));
    }

    private static Map<String, Long> versions(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .collect(Collectors.groupingBy(
                        record -> header(record, "millrace-script"), TreeMap::new, Collectors.counting()));
    }

    private Job job() {
        return flink.rest().jobs().stream()
                .filter(job -> job.name().equals(pipeline + "--scripted"))
                .findFirst()
                .orElseThrow();
    }

    private static String value(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), UTF_8);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    private Path spec(String results, String deadLetters, String stop) throws IOException {
        String text = """
                name: ${pipeline}
                source: {kafka: {bootstrapServers: "${servers}", topics: [${plays}], stop: ${stop}}}
                routes:
                  - name: scripted
                    script:
                      dynamic: {kafka: {bootstrapServers: "${servers}", topic: ${control}}}
                      withdraw: {over: 10}
                    sink: {kafka: {bootstrapServers: "${servers}", topic: ${results}}}
                deadLetters: {kafka: {bootstrapServers: "${servers}", topic: ${deadLetters}}}
                """.replace("${pipeline}", pipeline)
                .replace("${servers}", kafka.bootstrapServers())
                .replace("${plays}", plays)
                .replace("${stop}", stop)
                .replace("${control}", control)
                .replace("${results}", results)
                .replace("${deadLetters}", deadLetters);
        return Files.writeString(folder.newFile().toPath(), text);
    }
}
