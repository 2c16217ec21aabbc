package io.millrace.testfixtures.evcachereader;

import com.netflix.evcache.EVCache;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Netflix's client, told by properties where servers are, as without Eureka; each zone is an app of its own, so that no other answers for it.
 * The properties are those that there are when the client begins.
 */
final class Caches {
    private static final String PATIENCE_MILLIS = "5000"; // the default of 20 is for servers that are warm

    private final Map<String, EVCache> caches = new HashMap<>();

    /** Zones, each {@code name=server,server}. */
    Caches(Iterable<String> zones) {
        System.setProperty("evcache.use.simple.node.list.provider", "true");
        for (String zone : zones) {
            String app = app(zone.substring(0, zone.indexOf('=')));
            System.setProperty(app + "-NODES", zone);
            System.setProperty(app + ".EVCacheClientPool.readTimeout", PATIENCE_MILLIS);
            System.setProperty(app + ".operation.timeout", PATIENCE_MILLIS);
        }
    }

    /** The cache of a zone, for a client with something before each key, or nothing. */
    synchronized EVCache of(String zone, String prefix) {
        return caches.computeIfAbsent(zone + "/" + prefix, absent -> cache(zone, prefix.isEmpty() ? null : prefix));
    }

    private static String app(String zone) {
        return ("MILLRACE_" + zone).toUpperCase(Locale.ROOT);
    }

    private static EVCache cache(String zone, @Nullable String prefix) {
        return new EVCache.Builder()
                .setAppName(app(zone))
                .setCachePrefix(prefix)
                .disableRetry() // for with it a server that is not connected yet looks like one that has nothing
                .enableExceptionPropagation()
                .build();
    }
}
