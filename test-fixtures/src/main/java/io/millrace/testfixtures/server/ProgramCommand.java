package io.millrace.testfixtures.server;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program of the machine.
 *
 * @param name of the server's log file, and in messages
 * @param line the program and its arguments
 */
public record ProgramCommand(String name, List<String> line) implements ProcessCommand {
    public ProgramCommand {
        line = List.copyOf(line);
    }

    /** Where a program is on the machine's {@code PATH}. */
    public static Optional<Path> find(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public boolean endsWithItsInput() {
        return false;
    }

    @Override
    public List<String> commandLine(Path log, Path temporary) {
        return line;
    }
}
