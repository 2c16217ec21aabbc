package io.millrace.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an audit found, out of its JSON: of each route the figures that are not 0. */
record Audited(CommandLineRun run, JsonNode json) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Audits a spec by the command line, on a runner. */
    static Audited of(Path spec, String runner, String... options) throws IOException {
        Path json = spec.resolveSibling("audit.json");
        List<String> arguments =
                new ArrayList<>(List.of("audit", "--spec=" + spec, "--runner=" + runner, "--json=" + json));
        arguments.addAll(List.of(options));
        Files.deleteIfExists(json);
        CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
        if (!Files.exists(json)) {
            throw new AssertionError(run.err());
        }
        return new Audited(run, JSON.readTree(json.toFile()));
    }

    int status() {
        return run.status();
    }

    Map<String, Long> route(String name) {
        Map<String, Long> figures = new TreeMap<>();
        json.path("routes").path(name).fields().forEachRemaining(figure -> {
            if (figure.getValue().isNumber() && figure.getValue().asLong() != 0) {
                figures.put(figure.getKey(), figure.getValue().asLong());
            }
        });
        return figures;
    }

    List<String> samples(String route, String figure) {
        List<String> samples = new ArrayList<>();
        json.path("routes").path(route).path("samples").path(figure).forEach(sample -> samples.add(sample.asText()));
        return samples;
    }
}
