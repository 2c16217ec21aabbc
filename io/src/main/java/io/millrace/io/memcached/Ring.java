package io.millrace.io.memcached;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.common.hash.Hashing;
import com.google.common.net.HostAndPort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Which server has a key: the one of the first point at or behind the key's on a ring of 32 bits (ketama: MD5, 160 points a server, equal
 * weights). Where a server's points are depends on its name, and clients make different names of a host and a port.
 */
final class Ring {
    private static final int DIGESTS_OF_A_SERVER = 40;
    private static final int POINTS_OF_A_DIGEST = 4;
    private static final int DEFAULT_PORT = 11211;

    private final TreeMap<Long, String> servers = new TreeMap<>();

    private Ring(List<String> servers, UnaryOperator<String> name) {
        for (String server : servers) {
            for (int digest = 0; digest < DIGESTS_OF_A_SERVER; digest++) {
                byte[] points = md5(name.apply(server) + "-" + digest);
                for (int point = 0; point < POINTS_OF_A_DIGEST; point++) {
                    this.servers.put(point(points, point), server);
                }
            }
        }
    }

    /** As libmemcached's compatible mode has it, of servers that are each {@code host:port}. */
    static Ring compatible(List<String> servers) {
        return new Ring(servers, Ring::compatibleName);
    }

    /** Of servers by the names that they have. */
    static Ring named(Map<String, String> serverOfName) {
        Map<String, String> names = new HashMap<>();
        serverOfName.forEach((name, server) -> names.put(server, name));
        return new Ring(List.copyOf(serverOfName.values()), server -> requireNonNull(names.get(server)));
    }

    /** The port is left out where it is the usual one. */
    private static String compatibleName(String server) {
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
