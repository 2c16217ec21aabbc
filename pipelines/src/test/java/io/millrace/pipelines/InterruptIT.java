package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    public void stopsTheRoutesAndSaysWhatTheyDid() throws Exception {
        String plays = kafka.topic("plays");
        kafka.broker().produceTexts(plays, "{}", "{}", "{}");
        Path out = folder.newFile("out.txt").toPath();
        Path err = folder.newFile("err.txt").toPath();
        process = start(spec(plays), out, err);
        eventually("standard error", () -> Files.readString(err), containsString("all in 3, delivered 3, in flight 0"));

        interrupt(process);

        assertThat(process.waitFor(60, TimeUnit.SECONDS), is(true));
        assertThat(process.exitValue(), is(INTERRUPTED));
        assertThat(
                Files.readAllLines(out),
                contains(matchesPattern("route .*"), matchesPattern("all +3 +3 +0 +0 +stopped")));
    }

    private Path spec(String topic) throws IOException {
        return Files.writeString(folder.newFile("spec.yaml").toPath(), """
                name: interrupted
                source: {kafka: {bootstrapServers: "%s", topics: [%s]}}
                routes: [{name: all, sink: {none: {}}}]
                """.formatted(kafka.bootstrapServers(), topic));
    }

    private Process start(Path spec, Path out, Path err) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(List.of(
                        java, "-Xmx512m", "-cp", classPath, Millrace.class.getName(), "router", "--spec=" + spec))
                .directory(folder.getRoot())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    private static void interrupt(Process process) throws IOException, InterruptedException {
        assertThat(
                new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor(),
                is(0));
    }
}
