package io.millrace.testfixtures.server;

import io.millrace.testfixtures.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server in a process of its own, that a test can start, stop, kill, start again, pause and resume.
 *
 * <p><i>Shape</i>: a JVM, which is this one's binary with the server's own class path, or a program of the machine. Its output is the
 * file {@link #log()}, to which every start appends.
 *
 * <p><i>Time</i>: {@link #start} returns when the server is ready, {@link #stop} and {@link #kill} when its process
 * is gone.
 *
 * <p><i>Guarantee</i>: the process ends with this JVM, also when this JVM is killed, also while it is paused.
 *
 * <p><i>Fails</i>: a start throws {@link ServerStartException} with the tail of the log when the process exits before
 * it is ready, or is not ready in two minutes.
 */
public final class ServerProcess {

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final int TAIL_LINES = 40;

    private final ProcessCommand command;
    private final Path directory;
    private final Path temporary;
    private final Callable<Boolean> ready;
    private @Nullable Process process;
    private @Nullable Process pauseGuard;
    private @Nullable Process orphanGuard;

    /**
     * A server that is not started yet.
     *
     * @param directory its working directory; closing it kills the server
     * @param ready whether the started server can be used; an exception means not yet
     */
    public ServerProcess(ProcessCommand command, WorkDirectory directory, Callable<Boolean> ready) {
        this.command = command;
        this.directory = directory.path();
        this.temporary = directory.folder("tmp");
        this.ready = ready;
        directory.add(this);
    }

    /** What it is called in messages, and its log file. */
    public String name() {
        return command.name();
    }

    /** Starts the server and returns when it is ready. */
    public synchronized void start() {
        launch();
        awaitReady();
    }

    /** Starts the server without waiting, for a group that {@link #awaitReady} brings up together. */
    public synchronized void launch() {
        if (isRunning()) {
            throw new IllegalStateException(command.name() + " must be stopped, but was running");
        }
        Redirect log = Redirect.appendTo(log().toFile());
        try {
            ProcessBuilder builder = new ProcessBuilder(command.commandLine(log(), temporary))
                    .directory(directory.toFile())
                    .redirectOutput(log)
                    .redirectErrorStream(true);
            builder.environment().putAll(command.environment());
            process = builder.start();
            if (!command.endsWithItsInput()) {
                orphanGuard = shell("read nothing; kill -KILL " + pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when the launched server is ready. */
    public synchronized void awaitReady() {
        try {
            Eventually.waitUntil(command.name() + " to be ready", () -> !isRunning() || ready.call());
        } catch (AssertionError e) {
            kill();
            throw new ServerStartException(e.getMessage() + tail(), e);
        }
        if (!isRunning()) {
            throw new ServerStartException(command.name() + " exited before it was ready" + tail(), null);
        }
    }

    /** Asks the server to end in good order (SIGTERM), and kills it if it takes longer than half a minute. */
    public synchronized void stop() {
        if (process != null) {
            resume();
            process.toHandle().destroy(); // Process.destroy would end its input too, and so halt it
            if (!awaitExit(process, STOP_PATIENCE)) {
                kill();
            }
            endOrphanGuard();
        }
    }

    /** Ends the server as a crash would (SIGKILL). */
    public synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
            endPauseGuard();
            endOrphanGuard();
            if (!awaitExit(process, STOP_PATIENCE)) {
                throw new IllegalStateException(command.name() + " survived SIGKILL");
            }
        }
    }

    /**
     * Holds the server where it is (SIGSTOP): its connections stay open and nobody answers. Returns when all of its
     * threads stand still, where the machine tells of them (Linux): each stops by itself, some time after the signal.
     */
    public synchronized void pause() {
        if (pauseGuard == null) {
            pauseGuard = shell("read nothing; kill -KILL " + pid());
            signal("STOP");
            Path threads = Path.of("/proc", String.valueOf(pid()), "task");
            Eventually.waitUntil(
                    command.name() + " to stand still", () -> Files.notExists(threads) || areStopped(threads));
        }
    }

    /** Lets a paused server go on (SIGCONT). */
    public synchronized void resume() {
        if (pauseGuard != null) {
            endPauseGuard();
            signal("CONT");
        }
    }

    /** Whether its process lives. */
    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** The process id of the running server. */
    public synchronized long pid() {
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException(command.name() + " must be running, but was not");
        }
        return process.pid();
    }

    /** What the server has written to its standard output and error, over all starts. */
    public Path log() {
        return directory.resolve(command.name() + ".log");
    }

    /** A paused process cannot see its input end, so a shell watches for it. */
    private void endPauseGuard() {
        if (pauseGuard != null) {
            pauseGuard.destroyForcibly();
            awaitExit(pauseGuard, STOP_PATIENCE);
            pauseGuard = null;
        }
    }

    /** A program that does not look at its input cannot see it end. */
    private void endOrphanGuard() {
        if (orphanGuard != null) {
            orphanGuard.destroyForcibly();
            awaitExit(orphanGuard, STOP_PATIENCE);
            orphanGuard = null;
        }
    }

    private void signal(String name) {
        Process kill = shell("kill -" + name + " " + pid());
        if (!awaitExit(kill, STOP_PATIENCE) || kill.exitValue() != 0) {
            throw new IllegalStateException("SIG" + name + " could not be sent to " + command.name());
        }
    }

    private static boolean areStopped(Path threads) throws IOException {
        try (Stream<Path> all = Files.list(threads)) {
            return all.allMatch(ServerProcess::isStopped);
        }
    }

    private static boolean isStopped(Path thread) {
        try {
            return Files.readString(thread.resolve("status")).contains("\nState:\tT");
        } catch (IOException e) {
            return Files.notExists(thread);
        }
    }

    private static Process shell(String script) {
        try {
            return new ProcessBuilder("sh", "-c", script)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean awaitExit(Process process, Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String tail() {
        try {
            List<String> lines = new String(Files.readAllBytes(log()), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<String> last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
            return "\nThe last lines of " + log() + ":\n" + String.join("\n", last);
        } catch (IOException e) {
            return "\nIts log cannot be read: " + e;
        }
    }
}
