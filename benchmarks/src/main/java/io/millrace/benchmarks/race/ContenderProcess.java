package io.millrace.benchmarks.race;

import static com.google.common.base.Preconditions.checkState;

import io.millrace.testfixtures.flink.FlinkCluster;
import io.millrace.testfixtures.server.ServerClassPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A contender at work in a JVM of its own, which can be halted and go on as if no time had passed. */
public final class ContenderProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final OutputStream in;

    private ContenderProcess(Process process) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.in = process.getOutputStream();
    }

    /** Starts the work of a lane; what it logs goes to {@code contender.log} in its folder. */
    public static ContenderProcess start(
            Class<? extends Work> work,
            Assignment assignment,
            List<String> arguments,
            Path folder,
            List<String> jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FlinkCluster.javaSeventeen());
        command.addAll(jvmOptions);
        command.add("-Djava.io.tmpdir=" + folder);
        command.addAll(List.of("-cp", ServerClassPath.of("benchmarks"), ContenderMain.class.getName()));
        command.add(work.getName());
        command.addAll(assignment.arguments());
        command.addAll(arguments);
        try {
            Path log = Files.createDirectories(folder).resolve("contender.log");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(Redirect.appendTo(log.toFile()))
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly)); // a halted one would stay
            return new ContenderProcess(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes all its threads off the processor. */
    void halt() {
        signal("-STOP");
    }

    /** Lets it go on where it was halted. */
    void goOn() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
            checkState(kill.waitFor() == 0, "a contender must take the signal %s", signal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Waits while it works. */
    public void work(Duration time) {
        try {
            checkState(!process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS), "a contender must go on, but ended");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** What it has used so far. */
    public Sample sample() {
        try {
            in.write('\n');
            in.flush();
            Optional<Sample> sample = Optional.empty();
            while (sample.isEmpty()) {
                String line = out.readLine();
                if (line == null) {
                    throw new IllegalStateException("a contender must go on until it is stopped, but ended");
                }
                sample = Sample.parse(line);
            }
            return sample.get();
        } catch (IOException e) {
            throw new UncheckedIOException("a contender must answer", e);
        }
    }

    /** Ends it. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
