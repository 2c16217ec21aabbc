package io.millrace.io.memcached;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.net.HostAndPort;
import io.millrace.io.config.References;
import io.millrace.io.config.Setting;
import io.millrace.transforms.enricher.LookupClient;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Servers of memcached that answer a key with the JSON document that is stored under it.
 *
 * <p><i>Shape</i>: a value is one JSON value in UTF-8 without compression, whatever its flags; {@code null} is as if there were none. Which of
 * several servers has a key is told as libmemcached's compatible mode does (ketama: MD5, 160 points a server, equal weights), over
 * the whole key with its prefix. The binary protocol is spoken, since it alone has SASL.
 *
 * <p><i>Guarantee</i>: a call asks for up to {@code maxBatch} keys, each server at once for its own. A server that is away is waited for: its keys
 * are not looked for elsewhere, where they would be taken for missing.
 *
 * <p><i>Fails</i>: at construction, where a server is no {@code host:port}, or {@code password} is a secret itself. Where a client is opened, if
 * a server answers that the user or password is wrong. A lookup is refused whose key is longer than {@value Keys#MOST_BYTES} bytes with its
 * prefix, or has spaces or control characters, which memcached has no way to write; and one whose value is no JSON. In any other case,
 * where a server cannot be reached, says nothing or speaks another protocol, it is tried again.
 *
 * @param servers where the servers are, each {@code host:port}
 * @param keyPrefix what stands before each key
 * @param user the name to sign in with
 * @param password a reference to the password
 * @param maxBatch how many keys one call may ask for
 */
public record MemcachedLookup(
        @Setting(
                value =
                        "The servers, each host:port. Which of them has a key is told as libmemcached's compatible mode does: ketama with"
                                + " equal weights.",
                example = "[\"localhost:11211\"]")
        List<String> servers,

        @Setting(value = "What stands before each key.", example = "'video:'") @Nullable String keyPrefix,

        @Setting(
                value =
                        "The name to sign in with by SASL. ${env:NAME} and ${file:PATH} are resolved where the client is opened.",
                example = "millrace")
        @Nullable String user,

        @Setting(
                value =
                        "The password: always a reference, ${env:NAME} or ${file:PATH}, resolved where the client is opened.",
                example = "${env:MEMCACHED_PASSWORD}")
        @Nullable String password,

        @Setting(value = "How many keys one call may ask for.", byDefault = "100")
        int maxBatch)
        implements LookupClient.Provider<String, byte[]> {

    /** How many keys a call asks for unless a spec says otherwise. */
    public static final int DEFAULT_MAX_BATCH = 100;

    /** As many as a call may ask for of one server. */
    private static final int MOST_IN_A_BATCH = 255;

    public MemcachedLookup {
        servers = List.copyOf(servers);
        checkArgument(!servers.isEmpty(), "servers must not be empty, but was %s", servers);
        servers.forEach(
                server -> checkArgument(isHostAndPort(server), "servers must each be host:port, but was '%s'", server));
        checkArgument(
                servers.stream().distinct().count() == servers.size(), "servers must differ, but were %s", servers);
        checkArgument(
                keyPrefix == null || Keys.problem(keyPrefix) == null,
                "keyPrefix must be what a key can begin with, but '%s' %s",
                keyPrefix,
                keyPrefix == null ? null : Keys.problem(keyPrefix));
        checkArgument(
                password == null || References.isReference(password),
                "password must be a reference, such as ${env:NAME} or ${file:PATH}, so that the secret stays out of the job");
        checkArgument((user == null) == (password == null), "user must be given together with password");
        checkArgument(
                maxBatch >= 1 && maxBatch <= MOST_IN_A_BATCH,
                "maxBatch must be from 1 to %s, but was %s",
                MOST_IN_A_BATCH,
                maxBatch);
    }

    private static boolean isHostAndPort(String server) {
        try {
            HostAndPort parsed = HostAndPort.fromString(server);
            return parsed.hasPort() && !parsed.getHost().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Servers that ask for no name, and keys as they are. */
    public static MemcachedLookup of(String... servers) {
        return new MemcachedLookup(List.of(servers), null, null, null, DEFAULT_MAX_BATCH);
    }

    /** The same, with something before each key. */
    public MemcachedLookup withKeyPrefix(String keyPrefix) {
        return new MemcachedLookup(servers, keyPrefix, user, password, maxBatch);
    }

    /** The same, signing in with a name, and a reference to its password. */
    public MemcachedLookup withUser(String user, String password) {
        return new MemcachedLookup(servers, keyPrefix, user, password, maxBatch);
    }

    /** The same, with other limits. */
    public MemcachedLookup withMaxBatch(int maxBatch) {
        return new MemcachedLookup(servers, keyPrefix, user, password, maxBatch);
    }

    @Override
    public LookupClient<String, byte[]> open() {
        return MemcachedLookupClient.open(this);
    }
}
