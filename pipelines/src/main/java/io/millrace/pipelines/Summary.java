package io.millrace.pipelines;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a run did, as JSON: {@code {"pipeline": …, "routes": {"<route>": {"in": …, "delivered": …, …}}}}. */
final class Summary {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode root;

    private Summary(ObjectNode root) {
        this.root = root;
    }

    static Summary of(String pipeline, List<RouteRun> runs) {
        ObjectNode root = JSON.createObjectNode().put("pipeline", pipeline);
        ObjectNode routes = root.putObject("routes");
        for (RouteRun run : runs) {
            RouteCounts counts = run.counts();
            routes.putObject(run.route())
                    .put("in", counts.in())
                    .put("delivered", counts.delivered())
                    .put("filtered", counts.filtered())
                    .put("deadLettered", counts.deadLettered());
        }
        return new Summary(root);
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
