package io.millrace.io.memcached;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import com.google.common.net.HostAndPort;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which server has a key: the one of the first point at or behind the key's on a ring of 32 bits. As libmemcached's compatible mode has it,
 * where all servers have one weight.
 */
final class Ring {
    private static final int DIGESTS_OF_A_SERVER = 40;
    private static final int POINTS_OF_A_DIGEST = 4;
    private static final int DEFAULT_PORT = 11211;

    private final TreeMap<Long, String> servers = new TreeMap<>();

    Ring(List<String> servers) {
        for (String server : servers) {
            for (int digest = 0; digest < DIGESTS_OF_A_SERVER; digest++) {
                byte[] points = md5(name(server) + "-" + digest);
                for (int point = 0; point < POINTS_OF_A_DIGEST; point++) {
                    this.servers.put(point(points, point), server);
                }
            }
        }
    }

    /** The port is left out where it is the usual one. */
    private static String name(String server) {
        HostAndPort parsed = HostAndPort.fromString(server);
        return parsed.getPort() == DEFAULT_PORT ? parsed.getHost() : parsed.getHost() + ":" + parsed.getPort();
    }

    String of(String key) {
        Map.Entry<Long, String> next = servers.ceilingEntry(point(md5(key), 0));
        return (next == null ? servers.firstEntry() : next).getValue();
    }

    @SuppressWarnings("deprecation") // it hides nothing: other clients place keys by it
    private static byte[] md5(String text) {
        return Hashing.md5().hashString(text, UTF_8).asBytes();
    }

    private static long point(byte[] digest, int number) {
        int from = number * Integer.BYTES;
        return (digest[from + 3] & 0xFFL) << 24
                | (digest[from + 2] & 0xFFL) << 16
                | (digest[from + 1] & 0xFFL) << 8
                | (digest[from] & 0xFFL);
    }
}
