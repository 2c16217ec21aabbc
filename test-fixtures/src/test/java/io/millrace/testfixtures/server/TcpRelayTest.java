package io.millrace.testfixtures.server;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** A relay that refuses lets nobody through, however fast a client connects again. */
public class TcpRelayTest {
    private static final int TIMES = 2_000;

    @Test
    public void nobodyGetsThroughOnceItRefuses() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            daemon(() -> accept(server));
            int through = 0;
            for (int time = 0; time < TIMES; time++) {
                through += getsThrough(server.getLocalPort()) ? 1 : 0;
            }
            assertThat("connections through a relay that refuses, of " + TIMES, through, is(0));
        }
    }

    /** Whether a client that connects again as soon as it is reset is connected when the relay refuses. */
    private static boolean getsThrough(int port) throws Exception {
        try (TcpRelay relay = TcpRelay.to(port)) {
            Socket first = new Socket(InetAddress.getLoopbackAddress(), relay.port());
            first.getOutputStream().write(1);
            first.getInputStream().read(); // it is joined to the server
            CompletableFuture<Boolean> again = CompletableFuture.supplyAsync(() -> connectsAgain(first, relay.port()));
            relay.refuse();
            return again.get(1, TimeUnit.MINUTES);
        }
    }

    private static boolean connectsAgain(Socket first, int port) {
        awaitReset(first);
        try (Socket second = new Socket(InetAddress.getLoopbackAddress(), port)) {
            second.setSoTimeout(1_000);
            second.getOutputStream().write(1);
            return second.getInputStream().read() == 1;
        } catch (IOException e) {
            return false;
        }
    }

    private static void awaitReset(Socket socket) {
        try (socket;
                InputStream in = socket.getInputStream()) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            // It is reset.
        }
    }

    private static void accept(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                daemon(() -> echo(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void echo(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            // It is reset.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "relay-test");
        thread.setDaemon(true);
        thread.start();
    }
}
