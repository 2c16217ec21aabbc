package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Ctrl-C, in a process of its own. */
public class InterruptIT {
    private static final int INTERRUPTED = 130;

    private static final String DEAD_SERVICE = "http: {url: \"http://127.0.0.1:1/{key}\"}";
    private static final String NO_TABLE = "table: {keyField: id, files: {path: none.jsonl}}";

    private static final long SIGINT_BIT = 1 << 1;

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private @Nullable Process process;

    @After
    public void endProcess() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    public void directStopsTheRoutesAndSaysWhatTheyDid() throws Exception {
        stopsTheRoutesAndSaysWhatTheyDid("direct");
    }

    @Test
    public void flinkLocalStopsTheRoutesAndSaysWhatTheyDid() throws Exception {
        stopsTheRoutesAndSaysWhatTheyDid("flink-local");
    }

    private void stopsTheRoutesAndSaysWhatTheyDid(String runner) throws Exception {
        String plays = kafka.topic("plays");
        kafka.broker().produceTexts(plays, "{}", "{}", "{}");
        Path out = folder.newFile("out.txt").toPath();
        Path err = folder.newFile("err.txt").toPath();
        process = start(List.of("router", "--spec=" + spec(plays), "--runner=" + runner), out, err);
        eventually("standard error", () -> Files.readString(err), containsString("all in 3, delivered 3, in flight 0"));

        interrupt(process);

        assertThat(process.waitFor(120, TimeUnit.SECONDS), is(true));
        assertThat(process.exitValue(), is(INTERRUPTED));
        assertThat(
                Files.readAllLines(out),
                contains(matchesPattern("route .*"), matchesPattern("all +3 +3 +0 +0 +stopped")));
        assertThat(Files.readString(err), not(containsString("ERROR")));
    }

    @Test
    public void directStopsWhileALookupWaits() throws Exception {
        Path err = stopsWhileItWaits("direct", DEAD_SERVICE, "tried again", 1);

        assertThat(
                warnings(err),
                contains(
                        "WARN  lookups of millrace.interrupted.all.more fail, and are tried again: http://127.0.0.1:1/{key} cannot be"
                                + " reached: ConnectException, Connection refused; details are in out/millrace.log"));
    }

    @Test
    public void flinkLocalStopsWhileALookupWaits() throws Exception {
        stopsWhileItWaits("flink-local", DEAD_SERVICE, "tried again", 1);
    }

    @Test
    public void directStopsWhileATableWaits() throws Exception {
        Path err = stopsWhileItWaits("direct", NO_TABLE, "there is no such file", 3);

        assertThat(
                warnings(err),
                contains(matchesPattern(
                        "WARN  millrace.interrupted.all.more: there is no table of none.jsonl yet, and elements wait for it: there is no"
                                + " such file; the next try is at \\S+; details are in out/millrace.log")));
    }

    @Test
    public void flinkLocalStopsWhileATableWaits() throws Exception {
        stopsWhileItWaits("flink-local", NO_TABLE, "there is no such file", 1);
    }

    @Test
    public void directStopsBeforeTheBrokersAnsweredWhatThereIsToRead() throws Exception {
        stopsWhileItWaits("direct", "127.0.0.1:1", NO_TABLE, "127.0.0.1:1) could not be established", 1);
    }

    private Path stopsWhileItWaits(String runner, String lookup, String waiting, int times) throws Exception {
        return stopsWhileItWaits(runner, kafka.bootstrapServers(), lookup, waiting, times);
    }

    /** Gives what it wrote to standard error. It is stopped when the log has said so many times that something waits. */
    private Path stopsWhileItWaits(String runner, String brokers, String lookup, String waiting, int times)
            throws Exception {
        String plays = kafka.topic("plays");
        kafka.broker().produceTexts(plays, "{\"id\":\"a\"}", "{\"id\":\"b\"}", "{\"id\":\"c\"}");
        Path spec = Files.writeString(folder.newFile("spec.yaml").toPath(), """
                name: interrupted
                source: {kafka: {bootstrapServers: "%s", topics: [%s]}}
                routes:
                  - name: all
                    enrich: [{into: more, key: event.id, %s}]
                    sink: {none: {}}
                """.formatted(brokers, plays, lookup));
        Path out = folder.newFile("out.txt").toPath();
        Path err = folder.newFile("err.txt").toPath();
        process = start(List.of("router", "--spec=" + spec, "--runner=" + runner), out, err);
        Path log = folder.getRoot().toPath().resolve("out/millrace.log");
        eventually("lines of the log", () -> lines(log, waiting), greaterThanOrEqualTo((long) times));

        interrupt(process);

        assertThat(process.waitFor(120, TimeUnit.SECONDS), is(true));
        assertThat(
                Files.readAllLines(out),
                contains(matchesPattern("route .*"), matchesPattern("all +[03] +0 +0 +0 +stopped")));
        assertThat(process.exitValue(), is(INTERRUPTED));
        assertThat(Files.readString(err), not(containsString("not every job stopped")));
        assertThat(Files.readString(err), not(containsString("failed:")));
        return err;
    }

    private static long lines(Path log, String of) throws IOException {
        return Files.exists(log)
                ? Files.readAllLines(log).stream()
                        .filter(line -> line.contains(of))
                        .count()
                : 0;
    }

    private static List<String> warnings(Path err) throws IOException {
        return Files.readAllLines(err).stream()
                .filter(line -> line.startsWith("WARN"))
                .toList();
    }

    private Path spec(String topic) throws IOException {
        return Files.writeString(folder.newFile("spec.yaml").toPath(), """
                name: interrupted
                source: {kafka: {bootstrapServers: "%s", topics: [%s]}}
                routes: [{name: all, sink: {none: {}}}]
                """.formatted(kafka.bootstrapServers(), topic));
    }

    private Process start(List<String> arguments, Path out, Path err) throws IOException {
        List<String> command =
                new ArrayList<>(isInterruptIgnored() ? List.of("env", "--default-signal=INT") : List.of());
        command.addAll(MillraceProcess.command(arguments));
        return new ProcessBuilder(command)
                .directory(folder.getRoot())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    /** A shell that runs a build in the background lets it, and whatever it starts, ignore SIGINT. */
    private static boolean isInterruptIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(7).strip(), 16) & SIGINT_BIT) != 0);
    }

    private static void interrupt(Process process) throws IOException, InterruptedException {
        assertThat(
                new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor(),
                is(0));
    }
}
