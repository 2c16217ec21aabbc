package io.millrace.io.evcache;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.References;
import io.millrace.io.config.Setting;
import io.millrace.io.memcached.MemcachedZone;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which EVCache a route writes to.
 *
 * <p><i>Fails</i>: at construction, where a zone has no servers, two zones share one, one is neither {@code host:port} nor {@code name/address:port}, or two servers of
 * a zone are one to EVCache, which leaves ports out; where {@code cachePrefix} is none, {@code password} is a secret itself, or
 * a limit is no limit.
 *
 * @param zones the servers of each zone
 * @param cachePrefix what readers have as their cache prefix, or null
 * @param ttl how long a value stays, or null for as long as there is room
 * @param user the name to sign in with
 * @param password a reference to the password
 * @param maxValueBytes the largest value that is sent
 * @param maxInFlight how many events wait for answers at most
 * @param versionField the field of a document that has its version
 */
public record EvCacheSink(
        @Setting(
                value =
                        "The servers of each zone, each host:port or, as EVCache writes it too, name/address:port. Every zone has a whole"
                                + " copy. EVCache tells servers apart by name and address, without the port.",
                example =
                        "{us-east-1a: [\"10.0.1.7:11211\", \"10.0.1.8:11211\"], us-east-1b: [\"10.0.2.7:11211\", \"10.0.2.8:11211\"]}")
        Map<String, List<String>> zones,

        @Setting(
                value =
                        "What readers give to EVCache as their cache prefix: with ':' it stands before each key. The name of their app is no"
                                + " part of a key.",
                example = "views")
        @Nullable String cachePrefix,

        @Setting(
                value =
                        "How long a value stays after it was written. Without it, until it is deleted, or memcached needs the room.",
                example = "P7D")
        @Nullable Duration ttl,

        @Setting(
                value =
                        "The name to sign in with by SASL. ${env:NAME} and ${file:PATH} are resolved where the client is opened.",
                example = "millrace")
        @Nullable String user,

        @Setting(
                value =
                        "The password: always a reference, ${env:NAME} or ${file:PATH}, resolved where the client is opened.",
                example = "${env:EVCACHE_PASSWORD}")
        @Nullable String password,

        @Setting(
                value =
                        "The largest value that is sent, in bytes; a larger one is a dead letter. It must leave room for key and header in what"
                                + " memcached takes for an item (its option -I, 1 MB by default).",
                byDefault = "1047552")
        int maxValueBytes,

        @Setting(value = "How many events of a writer wait for answers at most.", byDefault = "1000")
        int maxInFlight,

        @Setting(
                value =
                        "The field at the top level of a document that has its version, a whole number. By it, what a server missed while it"
                                + " was away never goes over something newer.",
                byDefault = "version")
        String versionField)
        implements Serializable {

    /** The largest value unless a spec says otherwise: a megabyte, less what memcached needs for the key and itself. */
    public static final int DEFAULT_MAX_VALUE_BYTES = (1 << 20) - 1024;
    /** How many events wait for answers unless a spec says otherwise. */
    public static final int DEFAULT_MAX_IN_FLIGHT = 1_000;
    /** The field of the version unless a spec says otherwise. */
    public static final String DEFAULT_VERSION_FIELD = "version";

    private static final char AFTER_PREFIX = ':';
    private static final Duration LONGEST_TTL = Duration.ofDays(3650);

    public EvCacheSink {
        zones = copy(zones);
        checkArgument(!zones.isEmpty(), "zones must not be empty, but was %s", zones);
        zones.forEach(EvCacheSink::checkZone);
        checkEachServerIsOfOneZone(zones);
        checkArgument(
                cachePrefix == null
                        || (!cachePrefix.isEmpty()
                                && cachePrefix.indexOf(AFTER_PREFIX) < 0
                                && MemcachedZone.keyProblem(cachePrefix) == null),
                "cachePrefix must be what a key can begin with, not empty and without ':', but was '%s'",
                cachePrefix);
        checkArgument(
                ttl == null || (ttl.toSeconds() >= 1 && ttl.compareTo(LONGEST_TTL) <= 0),
                "ttl must be from 1 second to 10 years, but was %s",
                ttl);
        checkArgument((user == null) == (password == null), "user must be given together with password");
        checkArgument(
                password == null || References.isReference(password),
                "password must be a reference, such as ${env:NAME} or ${file:PATH}, so that the secret stays out of the job");
        checkArgument(maxValueBytes >= 1, "maxValueBytes must be at least 1, but was %s", maxValueBytes);
        checkArgument(maxInFlight >= 1, "maxInFlight must be at least 1, but was %s", maxInFlight);
        checkArgument(!versionField.isEmpty(), "versionField must not be empty");
    }

    /** Zones whose servers ask for no name; keys as they are, values until they are deleted. */
    public static EvCacheSink of(Map<String, List<String>> zones) {
        return new EvCacheSink(
                zones, null, null, null, null, DEFAULT_MAX_VALUE_BYTES, DEFAULT_MAX_IN_FLIGHT, DEFAULT_VERSION_FIELD);
    }

    /** The same, for readers that have a cache prefix. */
    public EvCacheSink withCachePrefix(String cachePrefix) {
        return new EvCacheSink(zones, cachePrefix, ttl, user, password, maxValueBytes, maxInFlight, versionField);
    }

    /** The same, with values that stay for a time. */
    public EvCacheSink withTtl(Duration ttl) {
        return new EvCacheSink(zones, cachePrefix, ttl, user, password, maxValueBytes, maxInFlight, versionField);
    }

    /** The same, signing in with a name, and a reference to its password. */
    public EvCacheSink withUser(String user, String password) {
        return new EvCacheSink(zones, cachePrefix, ttl, user, password, maxValueBytes, maxInFlight, versionField);
    }

    /** The same, with another limit for a value. */
    public EvCacheSink withMaxValueBytes(int maxValueBytes) {
        return new EvCacheSink(zones, cachePrefix, ttl, user, password, maxValueBytes, maxInFlight, versionField);
    }

    /** The same, with another limit for what is on its way. */
    public EvCacheSink withMaxInFlight(int maxInFlight) {
        return new EvCacheSink(zones, cachePrefix, ttl, user, password, maxValueBytes, maxInFlight, versionField);
    }

    /** The same, with versions in another field. */
    public EvCacheSink withVersionField(String versionField) {
        return new EvCacheSink(zones, cachePrefix, ttl, user, password, maxValueBytes, maxInFlight, versionField);
    }

    /** What stands before each key in memcached, or nothing. */
    String keyPrefix() {
        return cachePrefix == null ? "" : cachePrefix + AFTER_PREFIX;
    }

    private static Map<String, List<String>> copy(Map<String, List<String>> zones) {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        zones.forEach((zone, servers) -> copy.put(zone, List.copyOf(servers)));
        return Collections.unmodifiableMap(copy);
    }

    private static void checkZone(String zone, List<String> servers) {
        checkArgument(!zone.isBlank(), "zones must have names, but one was '%s'", zone);
        checkArgument(!servers.isEmpty(), "zones.%s must have servers, but had none", zone);
        Map<String, String> places = new HashMap<>();
        for (String server : servers) {
            EvCacheServer parsed = parse(zone, server);
            String other = places.put(parsed.host() + "/" + parsed.address(), server);
            checkArgument(
                    other == null,
                    "zones.%s must have servers that differ in name or address, since EVCache leaves ports out, but had %s and %s:"
                            + " write name/address:port, and the same in the settings of readers",
                    zone,
                    other,
                    server);
        }
    }

    /** Of a zone that is another's too there is no second copy. */
    private static void checkEachServerIsOfOneZone(Map<String, List<String>> zones) {
        Map<String, String> owners = new HashMap<>();
        zones.forEach((zone, servers) -> {
            for (String server : servers) {
                String other = owners.put(parse(zone, server).toConnect(), zone);
                checkArgument(
                        other == null,
                        "zones must have servers of their own, so that each has a copy, but %s and %s share %s",
                        other,
                        zone,
                        server);
            }
        });
    }

    private static EvCacheServer parse(String zone, String server) {
        try {
            return EvCacheServer.parse(server);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "zones." + zone + " must have servers each host:port or name/address:port, but had '" + server
                            + "'",
                    e);
        }
    }
}
