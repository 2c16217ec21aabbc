package io.millrace.transforms.script.version;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of a JSON object that has no others than those; what is wrong with them is added to a list of problems. */
final class JsonFields {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final Pattern RFC_3339 =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");

    private final String path;
    private final JsonNode json;
    private final List<String> problems;

    private JsonFields(String path, JsonNode json, List<String> problems) {
        this.path = path;
        this.json = json;
        this.problems = problems;
    }

    /** The fields of a text, which is called by a name in problems of the whole. */
    static JsonFields ofText(String name, String text, Set<String> known, List<String> problems) {
        try {
            JsonNode json = parse(text);
            if (!json.isObject()) {
                problems.add(name + " must be a JSON object, but was " + (json.isMissingNode() ? "nothing" : json));
            }
            return new JsonFields("", json, problems).check(known);
        } catch (JsonProcessingException e) {
            problems.add(name + " must be a JSON object, but " + said(e));
            return new JsonFields("", MissingNode.getInstance(), problems);
        }
    }

    /** The fields of what stands at a path. */
    static JsonFields ofTree(String path, JsonNode json, Set<String> known, List<String> problems) {
        if (!json.isObject()) {
            problems.add(path + " must be an object, but was " + json);
        }
        return new JsonFields(path + ".", json, problems).check(known);
    }

    static JsonNode parse(String text) throws JsonProcessingException {
        return JSON.readTree(text);
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** What a parser says, and where, in one line. */
    static String said(JsonProcessingException e) {
        String where = e.getLocation() == null
                ? ""
                : " at " + e.getLocation().getLineNr() + ":" + e.getLocation().getColumnNr();
        return (e instanceof MismatchedInputException ? "something follows it" : e.getOriginalMessage()) + where;
    }

    private JsonFields check(Set<String> known) {
        Set<String> unknown = new TreeSet<>();
        json.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(known);
        unknown.forEach(name -> problems.add(path + name + " must be one of " + new TreeSet<>(known)));
        return this;
    }

    /** The value of a field that must be there, though it may be a JSON null; null where it is missing. */
    @Nullable JsonNode given(String field) {
        JsonNode value = json.get(field);
        if (value == null && json.isObject()) {
            problems.add(path + field + " must be given");
        }
        return value;
    }

    /** The value of a field that may be missing. */
    @Nullable JsonNode optional(String field) {
        return json.get(field);
    }

    /** A text that must be there. */
    String text(String field) {
        JsonNode value = given(field);
        String text = value == null ? null : optionalText(field);
        return text == null ? "" : text;
    }

    @Nullable String optionalText(String field) {
        JsonNode value = json.get(field);
        if (value != null && !value.isTextual()) {
            problems.add(path + field + " must be a text, but was " + value);
        }
        return value == null ? null : value.textValue();
    }

    /** A time that must be there. */
    Instant time(String field) {
        Instant time = given(field) == null ? null : optionalTime(field);
        return time == null ? Instant.EPOCH : time;
    }

    @Nullable Instant optionalTime(String field) {
        JsonNode value = json.get(field);
        Instant time = value == null ? null : parseTime(value);
        if (value != null && time == null) {
            problems.add(path + field + " must be an RFC 3339 time, but was " + value);
        }
        return time;
    }

    private static @Nullable Instant parseTime(JsonNode value) {
        String text = value.isTextual() ? value.textValue() : "";
        if (!RFC_3339.matcher(text).matches()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null; // such as the 30th of February
        }
    }

    /** Texts by name; none where the field is missing. */
    Map<String, String> texts(String field) {
        Map<String, String> texts = new LinkedHashMap<>();
        JsonNode value = json.get(field);
        if (value != null && !value.isObject()) {
            problems.add(path + field + " must be an object of texts, but was " + value);
        } else if (value != null) {
            value.fields().forEachRemaining(one -> {
                if (one.getValue().isTextual()) {
                    texts.put(one.getKey(), one.getValue().textValue());
                } else {
                    problems.add(path + field + "." + one.getKey() + " must be a text, but was " + one.getValue());
                }
            });
        }
        return texts;
    }

    /** An array of texts; none where the field is missing. */
    List<String> textList(String field) {
        List<String> texts = new ArrayList<>();
        JsonNode value = json.get(field);
        if (value != null && value.isArray()) {
            value.forEach(one -> texts.add(one.asText()));
        } else if (value != null) {
            problems.add(path + field + " must be an array of texts, but was " + value);
        }
        return texts;
    }
}
