package io.millrace.testfixtures.memcached;

import io.millrace.testfixtures.server.FreePorts;
import io.millrace.testfixtures.server.ServerProcess;
import io.millrace.testfixtures.server.WorkDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Several memcached servers, as EVCache has them in a zone: each has a name of its own, since EVCache tells servers apart without their ports.
 *
 * <p><i>Shape</i>: Infinispan's are in one process, so they come and go together; memcached has one for each.
 *
 * <p><i>State</i>: their ports outlive {@link #kill} and the next {@link #start}; what they hold does not.
 */
public final class MemcachedZone implements AutoCloseable {
    private final WorkDirectory directory;
    private final List<Integer> ports;
    private final List<ServerProcess> processes = new ArrayList<>();
    private final List<String> servers = new ArrayList<>();

    private MemcachedZone(String name, MemcachedKind kind, int size) {
        this.directory = WorkDirectory.create("zone-" + name);
        this.ports = Stream.generate(FreePorts::next).limit(size).toList();
        for (List<Integer> together : kind == MemcachedKind.INFINISPAN ? List.of(ports) : singly(ports)) {
            processes.add(new ServerProcess(
                    kind.command("memcached-" + together.get(0), together, List.of(), List.of()),
                    directory,
                    () -> listen(together)));
        }
        IntStream.range(0, size)
                .forEach(number -> servers.add(name + "-" + number + "/127.0.0.1:" + ports.get(number)));
    }

    /** A zone of so many servers, not started yet. */
    public static MemcachedZone of(String name, MemcachedKind kind, int size) {
        return new MemcachedZone(name, kind, size);
    }

    /** Starts several zones at once, and returns when all take requests. */
    public static void start(MemcachedZone... zones) {
        List<ServerProcess> all =
                Stream.of(zones).flatMap(zone -> zone.processes.stream()).toList();
        all.forEach(ServerProcess::launch);
        all.forEach(ServerProcess::awaitReady);
    }

    /** Starts its servers and returns when all take requests. */
    public void start() {
        start(this);
    }

    /** Starts its servers unless they run. */
    public void ensureRunning() {
        resume();
        if (!processes.stream().allMatch(ServerProcess::isRunning)) {
            kill();
            start();
        }
    }

    /** Ends its servers as a crash would. */
    public void kill() {
        processes.forEach(ServerProcess::kill);
    }

    /** Holds its servers where they are: connections stay open and nobody answers. */
    public void pause() {
        processes.forEach(ServerProcess::pause);
    }

    /** Lets paused servers go on. */
    public void resume() {
        processes.forEach(ServerProcess::resume);
    }

    /** Where its servers are, as EVCache writes it: each {@code name/address:port}. */
    public List<String> servers() {
        return List.copyOf(servers);
    }

    /** The port of one of its servers. */
    public int port(int number) {
        return ports.get(number);
    }

    /** Ends its servers and deletes their files. */
    @Override
    public void close() {
        directory.close();
    }

    private static List<List<Integer>> singly(List<Integer> ports) {
        return ports.stream().map(List::of).toList();
    }

    private static boolean listen(List<Integer> ports) throws IOException {
        for (int port : ports) {
            if (!MemcachedKind.listens(port)) {
                return false;
            }
        }
        return true;
    }
}
