package io.millrace.transforms.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;

/**
 * Expressions and documents that fit each other loosely: mostly well typed, sometimes not, fields sometimes missing.
 *
 * <p>Left out is where dev.cel's evaluator departs from the standard (docs/decisions/005): negative durations, -0.0, doubles
 * beside ints that no double can hold, the order of strings beyond U+FFFF, keys of types that no key has, {@code &&} and
 * {@code ||} of what is no bool, {@code event['name']} and {@code list[0u]} without {@code dyn()}.
 */
final class RandomExpressions {
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "list", "map", "text", "num");
    private static final List<String> STRINGS = List.of(
            "", "a", "b", "ab", "US", "é", "😀", "a\\nb", "10", "-1.5", "true", "2026-01-02T03:04:05Z", "1h", "[a-c]+");
    private static final List<String> INTS = List.of(
            "0", "1", "2", "-1", "3", "10", "60", "9223372036854774784", "-9223372036854775808", "253402300800");
    private static final List<String> DOUBLES = List.of("1.0", "2.5", "-1.0", "1e20", "1e300", "0.1", "-1e-7");
    private static final List<String> UINTS =
            List.of("0u", "1u", "10u", "18446744073709549568u", "9223372036854775808u");
    private static final List<String> TIMES = List.of(
            "timestamp('2026-01-02T03:04:05Z')",
            "timestamp('0001-01-01T00:00:00Z')",
            "timestamp('9999-12-31T23:59:59.999999999Z')",
            "timestamp('1969-12-31T23:59:59.5Z')",
            "timestamp(0)",
            "timestamp");
    private static final List<String> DURATIONS = List.of(
            "duration('1h30m')",
            "duration('1.5s')",
            "duration('0s')",
            "duration('10ms')",
            "duration('123.321456789s')");
    private static final List<String> ZONES =
            List.of("'UTC'", "'+02:30'", "'-08:00'", "'America/New_York'", "'Nowhere'", "'02:00'");
    private static final List<String> GETTERS = List.of(
            "getFullYear",
            "getMonth",
            "getDate",
            "getDayOfMonth",
            "getDayOfWeek",
            "getDayOfYear",
            "getHours",
            "getMinutes",
            "getSeconds",
            "getMilliseconds");

    private final Random random;
    private final List<String> variables = new ArrayList<>();

    RandomExpressions(Random random) {
        this.random = random;
    }

    /** A document whose fields have random types and are sometimes missing, sometimes there twice. */
    String document() {
        return object(3);
    }

    private String object(int depth) {
        StringBuilder json = new StringBuilder("{");
        String blank = random.nextInt(4) == 0 ? " " : "";
        for (String name : NAMES) {
            for (int times = random.nextInt(5); times > 0; times -= 3) {
                json.append(json.length() > 1 ? "," + blank : "")
                        .append('"')
                        .append(
                                random.nextInt(10) == 0
                                        ? String.format("\\u%04x", (int) name.charAt(0)) + name.substring(1)
                                        : name)
                        .append("\":")
                        .append(blank)
                        .append(json(name, depth - 1));
            }
        }
        return json.append(blank).append("}").toString();
    }

    private String json(String name, int depth) {
        return switch (random.nextInt(6) == 0 ? pick(NAMES) : name) {
            case "list" -> array(depth);
            case "map" -> depth > 0 ? object(depth) : "{}";
            case "text", "a" -> '"' + pick(STRINGS) + '"';
            case "num", "b" -> pick(random.nextBoolean() ? INTS : DOUBLES);
            case "c" -> String.valueOf(random.nextBoolean());
            default -> random.nextBoolean() ? "null" : pick(INTS);
        };
    }

    private String array(int depth) {
        List<String> elements = new ArrayList<>();
        String like = random.nextInt(3) == 0 ? "" : pick(NAMES);
        for (int i = random.nextInt(4); i > 0; i--) {
            elements.add(depth > 0 ? json(like.isEmpty() ? pick(NAMES) : like, depth - 1) : pick(INTS));
        }
        return elements.toString();
    }

    String expression() {
        int depth = 1 + random.nextInt(4);
        return random.nextInt(3) == 0 ? any(depth) : bool(depth);
    }

    private String any(int depth) {
        return switch (random.nextInt(11)) {
            case 0, 1 -> bool(depth);
            case 2, 3 -> number(depth);
            case 4 -> text(depth);
            case 5 -> list(depth);
            case 6 -> map(depth);
            case 7 -> time(depth);
            case 8 -> bytes(depth);
            case 9 -> depth > 0 ? "type(" + any(depth - 1) + ")" : pick(List.of("int", "string", "null", "null_type"));
            default -> place(depth);
        };
    }

    private String place(int depth) {
        if (!variables.isEmpty() && random.nextInt(3) > 0) {
            return random.nextInt(4) == 0 ? pick(variables) + "." + pick(NAMES) : pick(variables);
        }
        return switch (random.nextInt(10)) {
            case 0 -> "event.map." + pick(NAMES);
            case 1 -> "event.list[" + random.nextInt(3) + "]";
            case 2 ->
                "dyn(event[" + (depth > 0 && random.nextBoolean() ? text(depth - 1) : "'" + pick(NAMES) + "'") + "])";
            case 3 -> "event.map.map." + pick(NAMES);
            case 4 -> depth > 0 ? list(depth - 1) + "[dyn(" + number(depth - 1) + ")]" : "event.list";
            case 5 -> pick(List.of("key", "headers.h", "headers.none", "headers.missing", "event.map"));
            default -> "event." + pick(NAMES);
        };
    }

    private String bool(int depth) {
        if (depth <= 0) {
            return pick(List.of(
                    "true", "false", "(event.c == true)", "has(event.a)", "has(event.map.a)", "has(headers.h)"));
        }
        return switch (random.nextInt(18)) {
            case 0, 1, 2 -> "(" + bool(depth - 1) + " && " + bool(depth - 1) + ")";
            case 3, 4, 5 -> "(" + bool(depth - 1) + " || " + bool(depth - 1) + ")";
            case 6 -> "!" + bool(depth - 1);
            case 7 -> "(" + number(depth - 1) + comparison() + number(depth - 1) + ")";
            case 8 -> "(" + text(depth - 1) + comparison() + text(depth - 1) + ")";
            case 9 -> "(" + place(depth - 1) + comparison() + any(depth - 1) + ")";
            case 10 -> "(" + any(depth - 1) + pick(List.of(" == ", " != ")) + any(depth - 1) + ")";
            case 11 -> "(" + any(depth - 1) + " in " + list(depth - 1) + ")";
            case 12 ->
                "("
                        + (random.nextBoolean() ? any(depth - 1) : "'" + pick(NAMES) + "'")
                        + " in "
                        + pick(List.of("event", "event.list", "event.map", "headers", map(depth - 1)))
                        + ")";
            case 13 ->
                text(depth - 1)
                        + pick(List.of(".startsWith(", ".endsWith(", ".contains(", ".matches("))
                        + text(depth - 1)
                        + ")";
            case 14 ->
                range(depth) + pick(List.of(".all(", ".exists(", ".exists_one(")) + within(this::bool, depth) + ")";
            case 15 -> "(" + time(depth - 1) + comparison() + time(depth - 1) + ")";
            case 16 ->
                "has(" + pick(List.of("event.", "event.map.", "event.list.", map(depth - 1) + ".")) + pick(NAMES) + ")";
            default -> "(" + bool(depth - 1) + " ? " + bool(depth - 1) + " : " + bool(depth - 1) + ")";
        };
    }

    private String comparison() {
        return pick(List.of(" == ", " != ", " < ", " <= ", " > ", " >= "));
    }

    private String number(int depth) {
        if (depth <= 0 || random.nextInt(4) == 0) {
            return pick(List.of("event.num", "event.b", "event.d", pick(INTS), pick(DOUBLES), pick(UINTS)));
        }
        return switch (random.nextInt(8)) {
            case 0, 1, 2 ->
                "(" + number(depth - 1) + pick(List.of(" + ", " - ", " * ", " / ", " % ")) + number(depth - 1) + ")";
            case 3 -> "-(" + number(depth - 1) + ")";
            case 4 -> "size(" + pick(List.of(text(depth - 1), list(depth - 1), map(depth - 1), bytes(depth - 1))) + ")";
            case 5 ->
                pick(List.of("int(", "uint(", "double("))
                        + pick(List.of(number(depth - 1), text(depth - 1), time(depth - 1))) + ")";
            case 6 -> time(depth - 1) + "." + pick(GETTERS) + "(" + (random.nextBoolean() ? pick(ZONES) : "") + ")";
            default -> "(" + bool(depth - 1) + " ? " + number(depth - 1) + " : " + number(depth - 1) + ")";
        };
    }

    private String text(int depth) {
        if (depth <= 0 || random.nextInt(3) == 0) {
            return pick(List.of("event.text", "event.a", "key", "headers.h", "'" + pick(STRINGS) + "'"));
        }
        return switch (random.nextInt(3)) {
            case 0 -> "(" + text(depth - 1) + " + " + text(depth - 1) + ")";
            case 1 -> "string(" + any(depth - 1) + ")";
            default -> place(depth);
        };
    }

    private String bytes(int depth) {
        return depth <= 0 || random.nextBoolean() ? "b'" + pick(STRINGS) + "'" : "bytes(" + text(depth - 1) + ")";
    }

    private String time(int depth) {
        return random.nextBoolean() ? timestamp(depth) : duration(depth);
    }

    private String timestamp(int depth) {
        if (depth <= 0 || random.nextInt(3) == 0) {
            return pick(TIMES);
        }
        return switch (random.nextInt(3)) {
            case 0 -> "timestamp(" + pick(List.of(text(depth - 1), number(depth - 1))) + ")";
            case 1 -> "(" + timestamp(depth - 1) + pick(List.of(" + ", " - ")) + duration(depth - 1) + ")";
            default -> "(" + duration(depth - 1) + " + " + timestamp(depth - 1) + ")";
        };
    }

    private String duration(int depth) {
        if (depth <= 0 || random.nextInt(3) == 0) {
            return pick(DURATIONS);
        }
        return random.nextBoolean()
                ? "duration(" + text(depth - 1) + ")"
                : "(" + duration(depth - 1) + " + " + duration(depth - 1) + ")";
    }

    private String list(int depth) {
        if (depth <= 0) {
            return pick(List.of("event.list", "[]", "[1, 2.0, 'a']", "['US', 'CA']", "[1, 10u, -1]", "[null, true]"));
        }
        return switch (random.nextInt(5)) {
            case 0 -> "[" + any(depth - 1) + ", " + any(depth - 1) + "]";
            case 1 -> "(" + list(depth - 1) + " + " + list(depth - 1) + ")";
            case 2 -> range(depth) + ".map(" + within(this::any, depth) + ")";
            case 3 -> range(depth) + ".filter(" + within(this::bool, depth) + ")";
            default -> "event.list";
        };
    }

    private String range(int depth) {
        return random.nextInt(4) == 0 ? map(depth - 1) : list(depth - 1);
    }

    private String within(IntFunction<String> body, int depth) {
        String variable = "v" + variables.size();
        variables.add(variable);
        String inner = variable + ", " + body.apply(depth - 1);
        variables.remove(variables.size() - 1);
        return inner;
    }

    private String map(int depth) {
        if (depth <= 0 || random.nextInt(3) == 0) {
            return pick(List.of("event.map", "{}", "{'a': 1, 'b': 'x'}", "{1: 2, 2u: 'y', true: 0.5}"));
        }
        return "{" + key(depth) + ": " + any(depth - 1) + ", 'a': " + any(depth - 1) + "}";
    }

    /** Of a type that a key may have; dev.cel does not check it. */
    private String key(int depth) {
        return switch (random.nextInt(4)) {
            case 0 -> pick(INTS);
            case 1 -> pick(UINTS);
            case 2 -> bool(depth - 1);
            default -> "string(" + text(depth - 1) + ")";
        };
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
