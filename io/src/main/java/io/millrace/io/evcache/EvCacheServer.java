package io.millrace.io.evcache;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * A server as EVCache is told of it, and the name by which its ring knows it.
 *
 * <p>EVCache names a server {@code host/address:11211}, whatever its port is; so two servers at one host are one to it. The host is the one that
 * it was told: the address itself where it has servers from Eureka, and where they are written {@code name/address:port} the name.
 *
 * @param host the name of the host, or its address
 * @param address where it is reached: a name or an address
 * @param port the port
 */
record EvCacheServer(String host, String address, int port) {
    private static final String PORT_OF_ALL = "11211";

    /**
     * Reads {@code host:port} or {@code name/address:port}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static EvCacheServer parse(String server) {
        int slash = server.indexOf('/');
        HostAndPort where = HostAndPort.fromString(server.substring(slash + 1));
        String host = slash < 0 ? where.getHost() : server.substring(0, slash);
        checkArgument(where.hasPort() && !where.getHost().isEmpty() && !host.isEmpty());
        checkArgument(slash < 0 || InetAddresses.isInetAddress(where.getHost()));
        return new EvCacheServer(host, where.getHost(), where.getPort());
    }

    /** {@code host:port}, to connect to. */
    String toConnect() {
        return HostAndPort.fromParts(address, port).toString();
    }

    /** Where it is for this machine; not resolved where that does not know its host. */
    InetSocketAddress find() {
        return new InetSocketAddress(address, port);
    }

    /**
     * The name in the ring.
     *
     * @throws IllegalArgumentException if there is no such host
     */
    String inRing() {
        try {
            return host + "/" + InetAddress.getByName(address).getHostAddress() + ":" + PORT_OF_ALL;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("server " + toConnect() + " must be a host that every worker knows", e);
        }
    }
}
