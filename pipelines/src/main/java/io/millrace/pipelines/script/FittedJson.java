package io.millrace.pipelines.script;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** JSON for people: what fits stands on one line, and what does not has a line for each field. */
public final class FittedJson {
    private static final int WIDTH = 100;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private FittedJson() {}

    /** The lines of a text; what is no JSON is one, as it is. */
    public static List<String> lines(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            return json.isMissingNode() ? List.of(text) : lines(json, WIDTH);
        } catch (JsonProcessingException e) {
            return List.of(text);
        }
    }

    private static List<String> lines(JsonNode json, int width) {
        String line = line(json);
        if (line.length() <= width || !json.isContainerNode() || json.isEmpty()) {
            return List.of(line);
        }
        List<List<String>> parts = json.isObject()
                ? json.properties().stream()
                        .map(field -> after(name(field), lines(field.getValue(), width - 2)))
                        .toList()
                : Streams.stream(json).map(one -> lines(one, width - 2)).toList();
        return enclosed(json.isObject() ? "{" : "[", parts, json.isObject() ? "}" : "]");
    }

    private static List<String> after(String name, List<String> value) {
        List<String> lines = new ArrayList<>(value);
        lines.set(0, name + value.get(0));
        return lines;
    }

    private static List<String> enclosed(String begin, List<List<String>> parts, String end) {
        List<String> lines = new ArrayList<>(List.of(begin));
        for (int part = 0; part < parts.size(); part++) {
            parts.get(part).forEach(line -> lines.add("  " + line));
            if (part < parts.size() - 1) {
                lines.set(lines.size() - 1, lines.get(lines.size() - 1) + ",");
            }
        }
        lines.add(end);
        return lines;
    }

    private static String line(JsonNode json) {
        if (json.isObject()) {
            return joined("{", json.properties().stream().map(field -> name(field) + line(field.getValue())), "}");
        }
        return json.isArray() ? joined("[", Streams.stream(json).map(FittedJson::line), "]") : json.toString();
    }

    private static String joined(String begin, Stream<String> parts, String end) {
        return parts.collect(joining(", ", begin, end));
    }

    private static String name(Map.Entry<String, JsonNode> field) {
        return JSON.getNodeFactory().textNode(field.getKey()) + ": ";
    }
}
