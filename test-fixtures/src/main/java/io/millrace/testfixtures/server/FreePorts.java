package io.millrace.testfixtures.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of 127.0.0.1 that nobody listens on, none handed out twice: each is locked by the JVM that has it, for as long as that lives.
 *
 * <p>They lie below the range from which the operating system takes the ports of outgoing connections. So a port stays
 * free while its server is down, and a client that keeps trying to reach it cannot connect to itself.
 */
public final class FreePorts {

    private static final int FIRST = 12_000;
    private static final int END = 32_000;
    private static final int ATTEMPTS = 1_000;
    private static final Map<Integer, FileLock> TAKEN = new HashMap<>();
    private static final FileChannel LOCKS = locks();

    private FreePorts() {}

    /** A free port. */
    public static synchronized int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port) && takes(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port of 127.0.0.1 from " + FIRST + " to " + (END - 1));
    }

    /** Whether nobody had it, here or in another JVM, and this one has it now. */
    private static boolean takes(int port) {
        if (TAKEN.containsKey(port)) {
            return false;
        }
        try {
            FileLock lock = LOCKS.tryLock(port, 1, false);
            if (lock != null) {
                TAKEN.put(port, lock);
            }
            return lock != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One byte a port. */
    private static FileChannel locks() {
        Path file =
                Path.of(System.getProperty("java.io.tmpdir"), "millrace-ports-of-" + System.getProperty("user.name"));
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
