package io.millrace.testfixtures.evcachereader;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.netflix.evcache.EVCacheException;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import org.apache.log4j.BasicConfigurator;
import org.apache.log4j.Level;
import org.apache.log4j.Logger;

/**
 * Reads keys with Netflix's own client for whoever connects to a port of 127.0.0.1, until the process is told to end.
 *
 * <p>A question is the name of a zone, what stands before keys (empty for nothing), and the key. An answer is one of the letters {@code V},
 * {@code N} (nothing) and {@code F} (failed), and the value or the failure as the length of its UTF-8 and that.
 */
public final class EvCacheReaderMain {
    private EvCacheReaderMain() {}

    /** Arguments: the port, and of each zone its name and its servers, {@code name=server,server}, each as EVCache is told them. */
    public static void main(String[] arguments) throws IOException {
        BasicConfigurator.configure();
        Logger.getRootLogger().setLevel(Level.WARN);
        Caches caches = new Caches(Arrays.asList(arguments).subList(1, arguments.length));
        try (ServerSocket socket =
                new ServerSocket(Integer.parseInt(arguments[0]), 50, InetAddress.getByName("127.0.0.1"))) {
            while (true) {
                Socket client = socket.accept();
                Thread thread = new Thread(() -> answer(client, caches), "answer");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private static void answer(Socket client, Caches caches) {
        try (client;
                DataInputStream in = new DataInputStream(client.getInputStream());
                DataOutputStream out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream()))) {
            while (true) {
                answer(in, out, caches);
            }
        } catch (IOException e) {
            Logger.getLogger(EvCacheReaderMain.class).debug("whoever asked is gone", e);
        }
    }

    private static void answer(DataInputStream in, DataOutputStream out, Caches caches) throws IOException {
        String zone = in.readUTF();
        String prefix = in.readUTF();
        String key = in.readUTF();
        try {
            Object value = caches.of(zone, prefix).get(key);
            if (value == null) {
                answer(out, 'N', "");
            } else if (value instanceof String text) {
                answer(out, 'V', text);
            } else {
                answer(out, 'F', "value is no text, but " + value.getClass());
            }
        } catch (EVCacheException | RuntimeException e) {
            answer(out, 'F', e + (e.getCause() == null ? "" : ", by " + e.getCause()));
        }
    }

    private static void answer(DataOutputStream out, char kind, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeByte(kind);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }
}
