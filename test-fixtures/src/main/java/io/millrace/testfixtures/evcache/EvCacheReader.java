package io.millrace.testfixtures.evcache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.anything;

import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.server.FreePorts;
import io.millrace.testfixtures.server.ServerCommand;
import io.millrace.testfixtures.server.ServerProcess;
import io.millrace.testfixtures.server.WorkDirectory;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads zones of EVCache with Netflix's own client ({@code evcache-core}), as an application that is told without Eureka where servers are.
 *
 * <p><i>Shape</i>: what {@code EVCache.get} gives with the transcoder that it has by default, which is a text.
 *
 * <p><i>Time</i>: a server that the client is not connected to yet, or not again, is waited for, as {@link Eventually} does; but now and then
 * the client says for it that there is nothing.
 *
 * <p><i>Fails</i>: where the client fails all that time, or the value is no text.
 */
public final class EvCacheReader implements AutoCloseable {
    private final WorkDirectory directory = WorkDirectory.create("evcache-reader");
    private final int port = FreePorts.next();
    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    private EvCacheReader(Map<String, List<String>> zones) {
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(port)));
        zones.forEach((zone, servers) -> arguments.add(zone + "=" + String.join(",", servers)));
        ServerProcess process = new ServerProcess(
                new ServerCommand(
                        "evcache-reader",
                        "evcache-reader",
                        "io.millrace.testfixtures.evcachereader.EvCacheReaderMain",
                        List.of("-Xmx128m"),
                        arguments),
                directory,
                this::isReady);
        process.start();
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a reader of zones, whose servers are each {@code host:port} or {@code name/address:port}. */
    public static EvCacheReader of(Map<String, List<String>> zones) {
        return new EvCacheReader(zones);
    }

    /** What a zone has for a key, or null. */
    public @Nullable String get(String zone, String key) {
        return get(zone, "", key);
    }

    /** The same, for a client that has something of its own before each key. */
    public @Nullable String get(String zone, String cachePrefix, String key) {
        return Eventually.<@Nullable String>eventually(
                "an answer for " + key, () -> ask(zone, cachePrefix, key), anything());
    }

    private synchronized @Nullable String ask(String zone, String cachePrefix, String key) {
        try {
            out.writeUTF(zone);
            out.writeUTF(cachePrefix);
            out.writeUTF(key);
            out.flush();
            int kind = in.readUnsignedByte();
            String text = new String(in.readNBytes(in.readInt()), UTF_8);
            return switch (kind) {
                case 'V' -> text;
                case 'N' -> null;
                default -> throw new IllegalStateException("key " + key + ": " + text);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isReady() throws IOException {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        }
    }

    /** Ends the reader. */
    @Override
    public void close() {
        try (socket) {
            directory.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
