package io.millrace.pipelines;

import static java.util.Objects.requireNonNull;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.arrayContainingInAnyOrder;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The log of commands in one folder, each a process of its own. */
public class LogFileIT {
    private static final long MEGABYTE = 1 << 20;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void keepsTheLinesOfEarlierCommandsAndOfOthersThatRun() throws Exception {
        await(start("earlier", 3, 10));
        Process one = start("one", 3000, 100);
        Process other = start("other", 3000, 100);
        await(one);
        await(other);

        String[] expected = Stream.of(lines("earlier", 3), lines("one", 3000), lines("other", 3000))
                .flatMap(lines -> lines)
                .toArray(String[]::new);
        assertThat(logged("millrace.log"), containsInAnyOrder(expected));
    }

    @Test
    public void keepsTheLastLinesInFilesOfALimitedSize() throws Exception {
        await(start("much", 10_000, 8_000));

        File[] files = requireNonNull(out().toFile().listFiles());
        assertThat(
                Stream.of(files).map(File::getName).toArray(String[]::new),
                arrayContainingInAnyOrder("millrace.log", "millrace.1.log", "millrace.2.log"));
        assertThat(Stream.of(files).mapToLong(File::length).sum(), lessThan(70 * MEGABYTE));
        List<String> last = Stream.of("millrace.2.log", "millrace.1.log", "millrace.log")
                .flatMap(name -> logged(name).stream())
                .toList();
        assertThat(last, is(lines("much", 10_000).skip(10_000 - last.size()).toList()));
    }

    private Process start(String name, int lines, int length) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-Dlogback.configurationFile=logback.xml", // which that of tests would else come before
                        "-cp",
                        MillraceProcess.classPath(),
                        LogLines.class.getName(),
                        name,
                        Integer.toString(lines),
                        Integer.toString(length))
                .directory(folder.getRoot())
                .inheritIO()
                .start();
    }

    private static void await(Process process) throws InterruptedException {
        assertThat(process.waitFor(120, TimeUnit.SECONDS), is(true));
        assertThat(process.exitValue(), is(0));
    }

    private static Stream<String> lines(String name, int count) {
        return IntStream.range(0, count).mapToObj(line -> name + " " + line);
    }

    /** What stands in a file: of each line what was logged, without what fills it up. */
    private List<String> logged(String file) {
        try (Stream<String> lines = Files.lines(out().resolve(file))) {
            return lines.map(line -> line.replaceFirst(".* INFO  \\[main] \\S+LogLines - (\\w+ \\d+) +\\.$", "$1"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path out() {
        return folder.getRoot().toPath().resolve("out");
    }
}
