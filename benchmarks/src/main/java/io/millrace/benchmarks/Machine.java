package io.millrace.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a result was measured on. */
public final class Machine {
    private Machine() {}

    /** Processor, cores, memory and JVM, in one line. */
    public static String description() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return "%d cores (%s), %d GiB, %s %s, Java %s"
                .formatted(
                        system.getAvailableProcessors(),
                        processor().orElse(system.getArch()),
                        Math.round(system.getTotalMemorySize() / (double) (1 << 30)),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("java.version"));
    }

    /** The commit that is measured, marked if the work tree differs from it; {@code unknown} outside of a clone. */
    public static String commit() {
        return git("describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")
                .orElse("unknown");
    }

    private static Optional<String> processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // not Linux
        }
    }

    private static Optional<String> git(String... arguments) {
        try {
            String[] command = new String[arguments.length + 1];
            command[0] = "git";
            System.arraycopy(arguments, 0, command, 1, arguments.length);
            Process git = new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            return git.waitFor() == 0 ? Optional.of(text) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
