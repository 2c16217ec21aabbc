package io.millrace.transforms.script.rhino;

import static io.millrace.transforms.script.rhino.Scripts.compiled;
import static io.millrace.transforms.script.rhino.Scripts.run;
import static java.util.stream.Collectors.toList;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.rhino.HostileScripts.Hostile;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A machine of 64 megabytes outlives all hostile scripts, one after another. */
public class SmallHeapTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test(timeout = 600_000)
    public void survivesEveryHostileScript() throws Exception {
        File output = folder.newFile();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-Xss1m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try {
            assertThat(process.waitFor(590, TimeUnit.SECONDS), is(true));
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output.toPath()).stream()
                .filter(line -> line.startsWith("> "))
                .collect(toList());
        assertThat(
                lines,
                is(HostileScripts.all().stream()
                        .map(hostile -> "> " + hostile + ": true")
                        .collect(toList())));
        assertThat(process.exitValue(), is(0));
    }

    /** Runs the scripts and says of each whether the event after it gave what it had given before. */
    public static final class Main {
        private static final String GOOD = "{\"n\":1}";

        public static void main(String[] arguments) throws Exception {
            for (Hostile hostile : HostileScripts.all()) {
                CompiledScript script = compiled(Script.javascript(hostile.source()), ScriptLimits.DEFAULT);
                List<String> before = run(script, GOOD);
                String reason = reason(script);
                boolean expected = hostile.expected() == null
                        || reason.equals(hostile.expected().name());
                System.out.println(
                        "> " + hostile + ": " + (expected && run(script, GOOD).equals(before) ? "true" : reason));
                script.close();
            }
        }

        private static String reason(CompiledScript script) {
            try {
                run(script, "{\"hostile\":true}");
                return "none";
            } catch (ScriptFailure e) {
                return e.reason().name();
            }
        }
    }
}
