package io.millrace.transforms.expression;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.types.CelType;
import dev.cel.common.types.TypeType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The oracle: dev.cel's own evaluator, with the one addition to the standard, over a document that Jackson read. */
final class StandardEvaluator {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final CelRuntime RUNTIME = CelRuntimeFactory.standardCelRuntimeBuilder()
            .setOptions(Checker.OPTIONS)
            .addFunctionBindings(
                    CelFunctionBinding.from("_+_int_double", Long.class, Double.class, (a, b) -> a + b),
                    CelFunctionBinding.from("_+_double_int", Double.class, Long.class, (a, b) -> a + b))
            .addFunctionBindings(
                    CelFunctionBinding.from("_-_int_double", Long.class, Double.class, (a, b) -> a - b),
                    CelFunctionBinding.from("_-_double_int", Double.class, Long.class, (a, b) -> a - b))
            .addFunctionBindings(
                    CelFunctionBinding.from("_*_int_double", Long.class, Double.class, (a, b) -> a * b),
                    CelFunctionBinding.from("_*_double_int", Double.class, Long.class, (a, b) -> a * b))
            .addFunctionBindings(
                    CelFunctionBinding.from("_/_int_double", Long.class, Double.class, (a, b) -> a / b),
                    CelFunctionBinding.from("_/_double_int", Double.class, Long.class, (a, b) -> a / b))
            .build();

    private StandardEvaluator() {}

    /** The value in the classes that our own evaluation uses. */
    static Object evaluate(
            CelAbstractSyntaxTree tree, String document, String key, Map<String, Object> headers, Instant time)
            throws CelEvaluationException, JsonProcessingException {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("event", value(JSON.readTree(document)));
        variables.put("key", key == null ? NullValue.NULL_VALUE : key);
        variables.put("headers", headers);
        variables.put("timestamp", time);
        return ours(RUNTIME.createProgram(tree).eval(variables));
    }

    private static Object value(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            node.fields().forEachRemaining(field -> map.put(field.getKey(), value(field.getValue())));
            return map;
        } else if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(element -> list.add(value(element)));
            return list;
        } else if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        } else if (node.isNumber()) {
            return node.doubleValue();
        } else if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNull() ? NullValue.NULL_VALUE : node.textValue();
    }

    private static Object ours(Object value) {
        if (value instanceof NullValue) {
            return Null.NULL;
        } else if (value instanceof UnsignedLong uint) {
            return new Unsigned(uint.longValue());
        } else if (value instanceof CelByteString bytes) {
            return new Bytes(bytes.toByteArray());
        } else if (value instanceof TypeType type) {
            return new TypeName(type.containingTypeName());
        } else if (value instanceof CelType type) {
            return new TypeName(type.name());
        } else if (value instanceof List<?> list) {
            return list.stream().map(StandardEvaluator::ours).toList();
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, member) -> copy.put(ours(key), ours(member)));
            return copy;
        }
        return value;
    }
}
