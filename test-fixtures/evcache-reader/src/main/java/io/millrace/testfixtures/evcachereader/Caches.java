package io.millrace.testfixtures.evcachereader;

import com.netflix.evcache.EVCache;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Netflix's client, told where servers are by properties, as without Eureka; each zone is an app of its own, so that no other answers for it. */
final class Caches {
    private static final String PATIENCE_MILLIS = "5000"; // the default of 20 is for servers that are warm

    private final Map<String, String> apps = new HashMap<>();
    private final Map<String, EVCache> caches = new HashMap<>();

    Caches() {
        System.setProperty("evcache.use.simple.node.list.provider", "true");
    }

    /** The cache of a zone. */
    synchronized EVCache of(String servers, String prefix) {
        String app = apps.computeIfAbsent(servers, this::app);
        return caches.computeIfAbsent(app + "/" + prefix, absent -> cache(app, prefix.isEmpty() ? null : prefix));
    }

    private String app(String servers) {
        String app = "ZONE" + apps.size();
        System.setProperty(app + "-NODES", "zone=" + servers);
        System.setProperty(app + ".EVCacheClientPool.readTimeout", PATIENCE_MILLIS);
        System.setProperty(app + ".operation.timeout", PATIENCE_MILLIS);
        return app;
    }

    private static EVCache cache(String app, @Nullable String prefix) {
        return new EVCache.Builder()
                .setAppName(app)
                .setCachePrefix(prefix)
                .disableRetry() // for with it a server that is not connected yet looks like one that has nothing
                .enableExceptionPropagation()
                .build();
    }
}
