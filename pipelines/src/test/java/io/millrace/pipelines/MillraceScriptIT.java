package io.millrace.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The script {@code millrace}, with what the build has made. */
public class MillraceScriptIT {
    private static final Path SCRIPT = Path.of("millrace");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void aCommandIsRunFromAnyFolder() throws Exception {
        Ended ended = run(
                SCRIPT,
                "validate",
                "--spec=" + Path.of("samples/play-events.yaml").toAbsolutePath());
        assertThat(ended.said(), ended.status(), is(0));
    }

    @Test
    public void aPipelineIsRunWithItsExitStatus() throws Exception {
        Ended ended = run(SCRIPT, "router", "--spec=none.yaml");
        assertThat(ended.said(), containsString("none.yaml"));
        assertThat(ended.status(), is(2));
    }

    @Test
    public void withoutTheJarItSaysHowThatIsBuilt() throws Exception {
        Path elsewhere = Files.copy(SCRIPT, folder.getRoot().toPath().resolve("millrace"), COPY_ATTRIBUTES);
        Ended ended = run(elsewhere, "validate", "--help");
        assertThat(
                ended.said(),
                allOf(containsString("jar is not there"), containsString("mvn -q -pl pipelines -am package")));
        assertThat(ended.status(), is(1));
    }

    private Ended run(Path script, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toAbsolutePath().toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .directory(folder.getRoot())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ended(process.waitFor(), said);
    }

    private record Ended(int status, String said) {}
}
