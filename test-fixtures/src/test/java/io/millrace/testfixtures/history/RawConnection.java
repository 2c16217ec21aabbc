package io.millrace.testfixtures.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import javax.net.SocketFactory;

/** A connection whose bytes are seen as they are, and so is how it ends. */
final class RawConnection implements AutoCloseable {
    private final Socket socket;

    RawConnection(SocketFactory sockets, String url) throws IOException {
        socket = sockets.createSocket(
                InetAddress.getLoopbackAddress(), URI.create(url).getPort());
        socket.setSoTimeout(60_000);
    }

    RawConnection(HistoryService service) throws IOException {
        this(SocketFactory.getDefault(), service.url());
    }

    RawConnection send(String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(UTF_8));
        return this;
    }

    /** What comes until the other side ends the connection, and how it ends it. */
    String untilEnd() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                bytes.write(next);
            }
            return bytes.toString(UTF_8) + "<end>";
        } catch (IOException e) {
            return bytes.toString(UTF_8) + "<" + e.getMessage() + ">";
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
