package io.millrace.testfixtures.memcached;

import io.millrace.testfixtures.server.ProcessCommand;
import io.millrace.testfixtures.server.ProgramCommand;
import io.millrace.testfixtures.server.ServerCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.Assume;

/** Servers of the protocols of memcached. A test that runs with each skips those that the machine does not have. */
public enum MemcachedKind {
    /** Infinispan's, from the Maven registry, so that it is everywhere; options are those of its JVM. */
    INFINISPAN {
        @Override
        Optional<String> problem() {
            return Optional.empty();
        }

        @Override
        ProcessCommand command(String name, List<Integer> ports, List<String> login, List<String> options) {
            List<String> arguments = new ArrayList<>();
            arguments.add(ports.stream().map(String::valueOf).collect(Collectors.joining(",")));
            arguments.addAll(login);
            return new ServerCommand(
                    name,
                    "memcached-server",
                    "io.millrace.testfixtures.memcachedserver.MemcachedMain",
                    options.isEmpty() ? List.of("-Xmx256m") : options,
                    arguments);
        }
    },
    /** The program {@code memcached}, where it is on the machine's {@code PATH}. */
    MEMCACHED {
        @Override
        Optional<String> problem() {
            return program().isPresent() ? Optional.empty() : Optional.of("no memcached is on the PATH");
        }

        @Override
        ProcessCommand command(String name, List<Integer> ports, List<String> login, List<String> options) {
            Path program = program().orElseThrow(() -> new IllegalStateException("no memcached is on the PATH"));
            List<String> line = new ArrayList<>(
                    List.of(program.toString(), "-l", "127.0.0.1", "-p", String.valueOf(ports.get(0)), "-u", "root"));
            line.addAll(options);
            return new ProgramCommand(name, line);
        }

        private Optional<Path> program() {
            return ProgramCommand.find("memcached");
        }
    };

    /** What keeps it from being run here. */
    abstract Optional<String> problem();

    /** Runs it at ports, of which memcached takes one. */
    abstract ProcessCommand command(String name, List<Integer> ports, List<String> login, List<String> options);

    /** Skips the test, with the reason, where the machine does not have it. */
    public void assumeIsThere() {
        problem().ifPresent(problem -> Assume.assumeTrue(problem, false));
    }

    static boolean listens(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        }
    }
}
