package io.millrace.testfixtures.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A port of 127.0.0.1 in front of a server's, that a test can make refuse or reset what passes through.
 *
 * <p><i>Guarantee</i>: its port stays the same whatever it does. What it is told holds for connections that are open as well as for
 * new ones.
 */
public final class TcpRelay implements AutoCloseable {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int CHUNK = 16 * 1024;

    private final InetSocketAddress server;
    private final int port = FreePorts.next();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytesUntilReset = new AtomicLong(NEVER);
    private final AtomicLong resets = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong answeredBytes = new AtomicLong();
    private volatile long resetEvery = NEVER;
    private volatile @Nullable ServerSocket listener;
    private @Nullable Thread acceptor;

    private TcpRelay(InetSocketAddress server) {
        this.server = server;
    }

    /** A relay to a port of 127.0.0.1, passing everything through. */
    public static TcpRelay to(int port) {
        TcpRelay relay = new TcpRelay(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        relay.accept();
        return relay;
    }

    /** The port that clients connect to. */
    public int port() {
        return port;
    }

    /** Where clients of HTTP reach the server through it. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Takes connections again, and passes everything through. */
    public synchronized void accept() {
        bytesUntilReset.set(NEVER);
        if (listener != null) {
            return;
        }
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            listener = socket;
            acceptor = daemon("relay-" + port, () -> serve(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Resets every connection and refuses new ones. */
    public synchronized void refuse() {
        if (listener != null) {
            closeQuietly(listener);
            listener = null;
            awaitEnd(acceptor);
        }
        open.forEach(TcpRelay::reset);
    }

    /** As long as a thread waits in accept the operating system keeps a port taken, though its socket was closed. */
    private static void awaitEnd(@Nullable Thread acceptor) {
        try {
            if (acceptor != null) {
                acceptor.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a relay ended", e);
        }
    }

    /** Resets a connection each time that clients have sent so many bytes more, over all connections, until told otherwise. */
    public void resetAfterEach(long bytes) {
        resetEvery = bytes;
        bytesUntilReset.set(bytes);
    }

    /** How many connections were reset by {@link #resetAfterEach}. */
    public long resets() {
        return resets.get();
    }

    /** How many bytes clients have sent. */
    public long sentBytes() {
        return sentBytes.get();
    }

    /** How many bytes of answers went to clients. */
    public long answeredBytes() {
        return answeredBytes.get();
    }

    @Override
    public void close() {
        refuse();
    }

    private void serve(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                join(socket, socket.accept());
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void join(ServerSocket socket, Socket client) {
        try {
            Socket behind = new Socket();
            behind.connect(server);
            open.add(client);
            open.add(behind);
            if (!isListening(
                    socket)) { // a thread that waits in accept may be given a client after the socket was closed
                reset(client);
                reset(behind);
            }
            daemon("relay-in-" + port, () -> pass(client, behind, true));
            daemon("relay-out-" + port, () -> pass(behind, client, false));
        } catch (IOException e) {
            reset(client);
        }
    }

    private boolean isListening(ServerSocket socket) {
        return listener == socket;
    }

    private void pass(Socket from, Socket to, boolean ofClient) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                if (ofClient && isResetDue(read)) {
                    resets.incrementAndGet();
                    break;
                }
                out.write(chunk, 0, read);
                out.flush();
                (ofClient ? sentBytes : answeredBytes).addAndGet(read);
            }
        } catch (IOException e) {
            // One side is gone, so the other goes too.
        } finally {
            reset(from);
            reset(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private boolean isResetDue(int bytes) {
        if (bytesUntilReset.get() == NEVER || bytesUntilReset.addAndGet(-bytes) > 0) {
            return false;
        }
        bytesUntilReset.set(resetEvery);
        return true;
    }

    /** Ends a connection as a broken network does: what was sent may be lost, and the other side sees a reset. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
        }
        closeQuietly(socket);
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // Nothing is left to be done with it.
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
