package io.millrace.testfixtures.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a server's JVM runs.
 *
 * @param name of the server's log file, and in messages
 * @param module the server's module without {@code millrace-}: its class path is {@link ServerClassPath#of}
 * @param mainClass what runs after the launcher
 * @param jvmOptions heap, collector and the like
 * @param arguments for the main class
 * @param environment variables of its environment, beside those of this JVM
 */
public record ServerCommand(
        String name,
        String module,
        String mainClass,
        List<String> jvmOptions,
        List<String> arguments,
        Map<String, String> environment)
        implements ProcessCommand {

    /** What makes a JVM start fast and stay small, without its heap. Classes are not verified, which would be a tenth of the time of tests. */
    public static final List<String> SMALL_JVM = List.of(
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError");

    private static final String LOGBACK = "io/millrace/testfixtures/server/logback.xml";

    public ServerCommand {
        jvmOptions = List.copyOf(jvmOptions);
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** A server whose environment is that of this JVM. */
    public ServerCommand(
            String name, String module, String mainClass, List<String> jvmOptions, List<String> arguments) {
        this(name, module, mainClass, jvmOptions, arguments, Map.of());
    }

    /** The same, with variables of its environment. */
    public ServerCommand withEnvironment(Map<String, String> environment) {
        return new ServerCommand(name, module, mainClass, jvmOptions, arguments, environment);
    }

    @Override
    public boolean endsWithItsInput() {
        return true; // its launcher does
    }

    @Override
    public List<String> commandLine(Path log, Path temporary) {
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
