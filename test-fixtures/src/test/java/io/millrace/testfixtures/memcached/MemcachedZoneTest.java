package io.millrace.testfixtures.memcached;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** A zone is real servers of either kind, which come and go. */
@RunWith(Parameterized.class)
public class MemcachedZoneTest {
    private final MemcachedKind kind;

    public MemcachedZoneTest(MemcachedKind kind) {
        this.kind = kind;
    }

    @Parameters(name = "{0}")
    public static MemcachedKind[] kinds() {
        return MemcachedKind.values();
    }

    @Test
    public void itsServersComeAndGoAtTheSamePorts() {
        kind.assumeIsThere();
        try (MemcachedZone zone = MemcachedZone.of("a", kind, 2)) {
            zone.start();
            assertThat(zone.servers(), contains("a-0/127.0.0.1:" + zone.port(0), "a-1/127.0.0.1:" + zone.port(1)));
            assertThat(answer(zone, 1), is("END"));

            zone.pause();
            zone.resume();
            assertThat(answer(zone, 0), is("END"));
            assertThat(answer(zone, 1), is("END"));

            zone.kill();
            assertThrows(UncheckedIOException.class, () -> answer(zone, 0));

            zone.start();
            assertThat(answer(zone, 0), is("END"));
        }
    }

    private static String answer(MemcachedZone zone, int server) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), zone.port(server));
                InputStream in = socket.getInputStream()) {
            socket.getOutputStream().write("get nothing\r\n".getBytes(StandardCharsets.UTF_8));
            return new String(in.readNBytes("END\r\n".length()), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
