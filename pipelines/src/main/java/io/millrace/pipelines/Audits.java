package io.millrace.pipelines;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.pipelines.router.AuditFigure;
import io.millrace.pipelines.router.AuditFigures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What audits of a spec's routes found.
 *
 * @param pipeline the pipeline's name
 * @param figures by route
 * @param obstacles why it is not known again what the sinks of other routes hold, or should hold, by route
 */
record Audits(String pipeline, Map<String, AuditFigures> figures, Map<String, String> obstacles) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Audits {
        figures = new LinkedHashMap<>(figures);
        obstacles = new LinkedHashMap<>(obstacles);
    }

    /** Whether there was no trouble with any of them. */
    boolean areClean() {
        return figures.values().stream().allMatch(AuditFigures::isClean);
    }

    /** A table with a line for each route, and then samples of each trouble. */
    String text() {
        StringBuilder text = new StringBuilder();
        if (!figures.isEmpty()) {
            appendTable(text);
        }
        figures.forEach((route, found) -> appendTroubles(route, found, text));
        obstacles.forEach((route, why) -> text.append(String.format("%s: nothing to audit, %s%n", route, why)));
        return text.toString();
    }

    private void appendTable(StringBuilder text) {
        int width = figures.keySet().stream().mapToInt(String::length).max().orElse(0);
        String name = "%-" + Math.max(width, "route".length()) + "s";
        text.append(String.format(name, "route"));
        for (AuditFigure figure : AuditFigure.values()) {
            text.append(String.format("  %12s", figure.text()));
        }
        text.append(System.lineSeparator());
        figures.forEach((route, found) -> {
            text.append(String.format(name, route));
            for (AuditFigure figure : AuditFigure.values()) {
                text.append(String.format("  %12d", found.count(figure)));
            }
            text.append(System.lineSeparator());
        });
    }

    private static void appendTroubles(String route, AuditFigures found, StringBuilder text) {
        for (AuditFigure figure : AuditFigure.values()) {
            if (figure.isTrouble() && found.count(figure) > 0) {
                List<String> samples = found.samples(figure);
                text.append(String.format("%n%s, %s:%n", route, figure.text()));
                samples.forEach(sample -> text.append(String.format("  %s%n", sample)));
                if (samples.size() < found.count(figure)) {
                    text.append("  ...").append(System.lineSeparator());
                }
            }
        }
    }

    /** The same as JSON: {@code {"pipeline": …, "clean": …, "routes": {"<route>": {"sink": …, "expected": …, …, "samples": {…}}}}}. */
    Summary summary(List<RouteSpec> routes) {
        ObjectNode root = JSON.createObjectNode().put("pipeline", pipeline).put("clean", areClean());
        ObjectNode byRoute = root.putObject("routes");
        for (RouteSpec route : routes) {
            AuditFigures found = figures.get(route.name());
            ObjectNode json =
                    byRoute.putObject(route.name()).put("sink", route.sink().name());
            json.put("audited", found != null);
            if (found != null) {
                json.setAll(found.json());
            }
        }
        return new Summary(root);
    }
}
