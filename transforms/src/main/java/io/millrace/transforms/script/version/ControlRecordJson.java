package io.millrace.transforms.script.version;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Control records as JSON. */
final class ControlRecordJson {
    private static final Set<String> FIELDS =
            Set.of("id", "source", "version", "effectiveFrom", "author", "tests", "reason");
    private static final Set<String> TEST_FIELDS = Set.of("event", "key", "headers", "time", "expect");

    private ControlRecordJson() {}

    static ControlRecord read(String json) {
        List<String> problems = new ArrayList<>();
        JsonFields fields = JsonFields.ofText("a control record", json, FIELDS, problems);
        String id = fields.text("id");
        String source = fields.optionalText("source");
        String version = fields.optionalText("version");
        Instant effectiveFrom = fields.time("effectiveFrom");
        String author = fields.text("author");
        List<ScriptTest> tests = tests("tests", fields.optional("tests"), problems);
        String reason = fields.optionalText("reason");
        if (!problems.isEmpty()) {
            throw new ControlRecordException(problems);
        }
        return new ControlRecord(id, source, version, effectiveFrom, author, tests, reason);
    }

    static List<ScriptTest> readTests(String json) {
        List<String> problems = new ArrayList<>();
        List<ScriptTest> tests;
        try {
            tests = tests("tests", JsonFields.parse(json), problems);
        } catch (JsonProcessingException e) {
            throw new ControlRecordException(List.of("tests must be a JSON array, but " + JsonFields.said(e)));
        }
        if (!problems.isEmpty()) {
            throw new ControlRecordException(problems);
        }
        return tests;
    }

    private static List<ScriptTest> tests(String path, @Nullable JsonNode json, List<String> problems) {
        List<ScriptTest> tests = new ArrayList<>();
        if (json != null && !json.isArray()) {
            problems.add(path + " must be an array, but was " + json);
        } else if (json != null) {
            for (int i = 0; i < json.size(); i++) {
                test(path + "[" + i + "]", json.get(i), problems).ifPresent(tests::add);
            }
        }
        return tests;
    }

    private static Optional<ScriptTest> test(String path, JsonNode json, List<String> problems) {
        int before = problems.size();
        JsonFields fields = JsonFields.ofTree(path, json, TEST_FIELDS, problems);
        JsonNode event = fields.optional("event");
        if (problems.size() == before && !(event instanceof ObjectNode)) {
            problems.add(path + ".event must be an object, but was " + event);
        }
        JsonNode expect = fields.given("expect");
        if (expect != null && !isExpectation(expect)) {
            problems.add(
                    path + ".expect must be an object, an array of objects, null, true or false, but was " + expect);
        }
        String key = fields.optionalText("key");
        Map<String, String> headers = fields.texts("headers");
        Instant time = fields.optionalTime("time");
        return event instanceof ObjectNode object && expect != null && problems.size() == before
                ? Optional.of(new ScriptTest(object, key, headers, time, expect))
                : Optional.empty();
    }

    private static boolean isExpectation(JsonNode expect) {
        if (expect.isArray()) {
            for (JsonNode one : expect) {
                if (!one.isObject()) {
                    return false;
                }
            }
            return true;
        }
        return expect.isObject() || expect.isNull() || expect.isBoolean();
    }

    static Optional<String> idOf(String json) {
        return treeOf(json)
                .map(object -> object.get("id"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
    }

    static Optional<ObjectNode> treeOf(String json) {
        try {
            return JsonFields.parse(json) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    static String write(ControlRecord control) {
        return tree(control).toString();
    }

    static ObjectNode tree(ControlRecord control) {
        ObjectNode json = JsonFields.object();
        json.put("id", control.id());
        putIfGiven(json, "source", control.source());
        putIfGiven(json, "version", control.version());
        json.put("effectiveFrom", control.effectiveFrom().toString());
        json.put("author", control.author());
        if (!control.tests().isEmpty()) {
            ArrayNode tests = json.putArray("tests");
            control.tests().forEach(test -> tests.add(tree(test)));
        }
        putIfGiven(json, "reason", control.reason());
        return json;
    }

    private static ObjectNode tree(ScriptTest test) {
        ObjectNode json = JsonFields.object();
        json.set("event", test.event());
        putIfGiven(json, "key", test.key());
        if (!test.headers().isEmpty()) {
            ObjectNode headers = json.putObject("headers");
            test.headers().forEach(headers::put);
        }
        putIfGiven(json, "time", test.time() == null ? null : test.time().toString());
        json.set("expect", test.expect());
        return json;
    }

    private static void putIfGiven(ObjectNode json, String field, @Nullable String text) {
        if (text != null) {
            json.put(field, text);
        }
    }
}
