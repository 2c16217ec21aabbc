package io.millrace.io.kafka;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * The ids of Kafka clusters, which name streams wherever and however a cluster is reached. Asked for once a JVM; the client
 * retries for as long as {@code default.api.timeout.ms} says, a minute by default.
 */
final class ClusterIds {
    private static final Map<String, String> IDS = new ConcurrentHashMap<>();

    private ClusterIds() {}

    static String of(String bootstrapServers, Map<String, String> properties) {
        return IDS.computeIfAbsent(bootstrapServers, servers -> ask(servers, properties));
    }

    private static String ask(String bootstrapServers, Map<String, String> properties) {
        try (Admin admin = Admin.create(ClientProperties.resolve(bootstrapServers, properties))) {
            String id = admin.describeCluster().clusterId().get();
            return known(id, bootstrapServers);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking " + bootstrapServers + " for its cluster id", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(bootstrapServers + " must answer with its cluster id, but did not", e);
        }
    }

    private static String known(@Nullable String id, String bootstrapServers) {
        if (id == null) {
            throw new IllegalStateException("Kafka at " + bootstrapServers + " must have a cluster id, but has none");
        }
        return id;
    }
}
