package io.millrace.testfixtures.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server's JVM runs.
 *
 * @param name of the server's log file, and in messages
 * @param module the server's module without {@code millrace-}: its class path is {@link ServerClassPath#of}
 * @param mainClass what runs after the launcher
 * @param jvmOptions heap, collector and the like
 * @param arguments for the main class
 */
public record ServerCommand(
        String name, String module, String mainClass, List<String> jvmOptions, List<String> arguments) {

    /** What makes a JVM start fast and stay small, without its heap. */
    public static final List<String> SMALL_JVM = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError");

    private static final String LOGBACK = "io/millrace/testfixtures/server/logback.xml";

    public ServerCommand {
        jvmOptions = List.copyOf(jvmOptions);
        arguments = List.copyOf(arguments);
    }

    List<String> commandLine(Path log, Path temporary) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(SMALL_JVM);
        line.addAll(jvmOptions);
        line.add("-Dlogback.configurationFile=" + LOGBACK);
        line.add("-Dlog.file=" + log);
        line.add("-Djava.io.tmpdir=" + temporary);
        line.add("-cp");
        line.add(ServerClassPath.of(module));
        line.add(Launcher.class.getName());
        line.add(mainClass);
        line.addAll(arguments);
        return line;
    }
}
