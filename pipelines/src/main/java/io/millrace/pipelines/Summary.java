package io.millrace.pipelines;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a run did, as JSON: {@code {"pipeline": …, "routes": {"<route>": {"in": …, "delivered": …, …}}}}; and {@code added}, of a route
 * whose script made several results of events; and {@code "lookups": {"<field>": {"answered": …, "missed": …}}}, of a route that looks
 * something up.
 */
final class Summary {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode root;

    /** What a JSON object says. */
    Summary(ObjectNode root) {
        this.root = root;
    }

    static Summary of(String pipeline, List<RouteRun> runs) {
        ObjectNode root = JSON.createObjectNode().put("pipeline", pipeline);
        ObjectNode routes = root.putObject("routes");
        for (RouteRun run : runs) {
            RouteCounts counts = run.counts();
            ObjectNode route = routes.putObject(run.route()).put("in", counts.in());
            if (counts.added() > 0) {
                route.put("added", counts.added());
            }
            route.put("delivered", counts.delivered())
                    .put("filtered", counts.filtered())
                    .put("deadLettered", counts.deadLettered());
            addLookups(route, run.lookups());
        }
        return new Summary(root);
    }

    private static void addLookups(ObjectNode route, List<LookupCounts> lookups) {
        if (!lookups.isEmpty()) {
            ObjectNode fields = route.putObject("lookups");
            lookups.forEach(lookup -> fields.putObject(lookup.into())
                    .put("answered", lookup.answered())
                    .put("missed", lookup.missed()));
        }
    }

    /** Why nothing can be written to a file, if that can be told before a run. */
    static Optional<String> problem(Path file) {
        Path target = file.toAbsolutePath();
        if (Files.isDirectory(target)) {
            return Optional.of("must be a file, but " + target + " is a folder");
        }
        Path nearest = target.getParent();
        while (nearest != null && !Files.exists(nearest)) {
            nearest = nearest.getParent();
        }
        return nearest == null || (Files.isDirectory(nearest) && Files.isWritable(nearest))
                ? Optional.empty()
                : Optional.of("must be a file that can be written, but " + nearest + " is no folder to write to");
    }

    /** Writes it to a file, whose folder is made if need be. */
    void write(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, root.toPrettyString() + System.lineSeparator());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
