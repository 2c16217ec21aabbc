package io.millrace.testfixtures.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of 127.0.0.1 that nobody listens on, none handed out twice by one JVM.
 *
 * <p>They lie below the range from which the operating system takes the ports of outgoing connections. So a port stays
 * free while its server is down, and a client that keeps trying to reach it cannot connect to itself.
 */
public final class FreePorts {

    private static final int FIRST = 12_000;
    private static final int END = 32_000;
    private static final int ATTEMPTS = 1_000;
    private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

    private FreePorts() {}

    /** A free port. */
    public static int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port) && TAKEN.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port of 127.0.0.1 from " + FIRST + " to " + (END - 1));
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
