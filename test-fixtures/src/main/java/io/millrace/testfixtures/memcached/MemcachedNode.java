package io.millrace.testfixtures.memcached;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.testfixtures.server.FreePorts;
import io.millrace.testfixtures.server.ServerProcess;
import io.millrace.testfixtures.server.WorkDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;

/**
 * A real memcached server, Infinispan's in a JVM of its own or memcached itself, on a free port of 127.0.0.1. It speaks both protocols.
 *
 * <p><i>State</i>: its port outlives {@link #stop}, {@link #kill} and the next {@link #start}; what it holds ends with its process.
 *
 * <p><i>Fails</i>: a start as {@link ServerProcess} says; a value that is not taken with an {@link IllegalStateException} that has the
 * server's answer.
 */
public final class MemcachedNode implements AutoCloseable {
    private final WorkDirectory directory = WorkDirectory.create("memcached");
    private final int port = FreePorts.next();
    private final List<String> login;
    private final ServerProcess server;

    private MemcachedNode(MemcachedKind kind, List<String> login, List<String> options) {
        this.login = login;
        server = new ServerProcess(
                kind.command("memcached", List.of(port), login, options), directory, () -> MemcachedKind.listens(port));
    }

    /** A server that is not started yet, and asks for no name. */
    public static MemcachedNode create() {
        return new MemcachedNode(MemcachedKind.INFINISPAN, List.of(), List.of());
    }

    /** A server, not started yet, that is compiled as one in production is, and has room for a million values. */
    public static MemcachedNode createForLoad() {
        return new MemcachedNode(
                MemcachedKind.INFINISPAN,
                List.of(),
                List.of("-Xmx4g", "-XX:TieredStopAtLevel=4", "-XX:-UseSerialGC", "-XX:+UseG1GC"));
    }

    /** The real memcached, not started yet, with options of its command line. */
    public static MemcachedNode memcached(String... options) {
        return new MemcachedNode(MemcachedKind.MEMCACHED, List.of(), List.of(options));
    }

    /** A server that is not started yet, and takes nobody but one. */
    public static MemcachedNode withUser(String user, String password) {
        return new MemcachedNode(MemcachedKind.INFINISPAN, List.of(user, password), List.of());
    }

    /** Starts the server and returns when it takes requests. */
    public MemcachedNode start() {
        server.start();
        return this;
    }

    /** Shuts the server down in good order. */
    public void stop() {
        server.stop();
    }

    /** Ends the server as a crash would. */
    public void kill() {
        server.kill();
    }

    /** The server's process, to pause it or to read its log. */
    public ServerProcess process() {
        return server;
    }

    /** {@code host:port}, the same over restarts. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Stores a value. */
    public void set(String key, String value) {
        set(key, value, 0);
    }

    /** Stores a value with flags, by which clients tell what kind of value it is. */
    public void set(String key, String value, int flags) {
        byte[] command = command(key, value, flags);
        String stored = login.isEmpty() ? send(command) : send(command("login", String.join(" ", login), 0), command);
        if (!stored.equals("STORED")) {
            throw new IllegalStateException("set " + key + ": " + stored);
        }
    }

    /** Deletes what is stored under a key. */
    public void delete(String key) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                OutputStream out = socket.getOutputStream();
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))) {
            out.write(("delete " + key + "\r\n").getBytes(UTF_8));
            out.flush();
            String answer = String.valueOf(in.readLine());
            if (!answer.equals("DELETED")) {
                throw new IllegalStateException("delete " + key + ": " + answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends commands of the text protocol on one connection, and gives the last answer; the first signs in where one must. */
    private String send(byte[]... commands) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                OutputStream out = socket.getOutputStream();
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))) {
            String answer = "";
            for (byte[] command : commands) {
                out.write(command);
                out.flush();
                answer = String.valueOf(in.readLine());
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] command(String key, String value, int flags) {
        return ("set " + key + " " + flags + " 0 " + value.getBytes(UTF_8).length + "\r\n" + value + "\r\n")
                .getBytes(UTF_8);
    }

    /** Ends the server and deletes its files. */
    @Override
    public void close() {
        directory.close();
    }
}
