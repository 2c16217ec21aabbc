package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.sandbox.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The sandbox's own spec brings its play events into each of its stores. */
public class SandboxIT {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void itsSpecRoutesItsEventsIntoAllOfItsStores() {
        Path spec = folder.getRoot().toPath().resolve("play-events.yaml");
        try (Sandbox sandbox = Sandbox.start()) {
            ByteArrayOutputStream welcome = new ByteArrayOutputStream();
            sandbox.welcome(new PrintStream(welcome, true, StandardCharsets.UTF_8), spec);
            String flinkMaster = "--flinkMaster=" + sandbox.flink().master();
            assertThat(
                    welcome.toString(StandardCharsets.UTF_8),
                    containsString("router --spec=" + spec + " --runner=flink " + flinkMaster));

            CommandLineRun submitted = CommandLineRun.of("router", "--spec=" + spec, "--runner=flink", flinkMaster);

            assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
            eventually(
                    "documents",
                    () -> sandbox.elasticsearch().documents("long-plays").size(),
                    greaterThan(500));
            eventually("records", () -> sandbox.kafka().end("devices"), greaterThan(15_000L));
            eventually("objects", () -> sandbox.s3().objects("lake").size(), greaterThan(20));
        }
    }
}
