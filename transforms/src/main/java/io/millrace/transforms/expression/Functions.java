package io.millrace.transforms.expression;

import com.google.re2j.Pattern;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The standard functions by their names. */
final class Functions {
    private static final Map<String, Function> ALL = all();

    private Functions() {}

    static @Nullable Function named(String name) {
        return ALL.get(name);
    }

    private static Map<String, Function> all() {
        Map<String, Function> all = new HashMap<>();
        all.put("size", Functions::size);
        all.put("contains", arguments -> string(arguments, 0, "contains").contains(string(arguments, 1, "contains")));
        all.put(
                "startsWith",
                arguments -> string(arguments, 0, "startsWith").startsWith(string(arguments, 1, "startsWith")));
        all.put("endsWith", arguments -> string(arguments, 0, "endsWith").endsWith(string(arguments, 1, "endsWith")));
        all.put("matches", Functions::matches);
        all.put("type", arguments -> new TypeName(Kind.typeName(Values.kindOf(arguments[0]))));
        all.put("dyn", arguments -> arguments[0]);
        all.putAll(Conversions.all());
        addGetters(all);
        return all;
    }

    private static String string(Object[] arguments, int position, String function) throws Failure {
        if (arguments[position] instanceof String text) {
            return text;
        }
        throw Failure.noOverload(function, arguments);
    }

    private static Object size(Object[] arguments) throws Failure {
        Object value = arguments[0];
        if (value instanceof String text) {
            return (long) text.codePointCount(0, text.length());
        } else if (value instanceof List<?> list) {
            return (long) list.size();
        } else if (value instanceof Map<?, ?> map) {
            return (long) map.size();
        } else if (value instanceof Bytes bytes) {
            return (long) bytes.array().length;
        }
        throw Failure.noOverload("size", arguments);
    }

    private static Object matches(Object[] arguments) throws Failure {
        String text = string(arguments, 0, "matches");
        return Patterns.compile(string(arguments, 1, "matches")).matcher(text).find();
    }

    private static void addGetters(Map<String, Function> all) {
        all.put("getFullYear", getter("getFullYear", ZonedDateTime::getYear, null));
        all.put("getMonth", getter("getMonth", time -> time.getMonthValue() - 1L, null));
        all.put("getDayOfMonth", getter("getDayOfMonth", time -> time.getDayOfMonth() - 1L, null));
        all.put("getDate", getter("getDate", ZonedDateTime::getDayOfMonth, null));
        all.put(
                "getDayOfWeek",
                getter("getDayOfWeek", time -> time.getDayOfWeek().getValue() % 7L, null));
        all.put("getDayOfYear", getter("getDayOfYear", time -> time.getDayOfYear() - 1L, null));
        all.put("getHours", getter("getHours", ZonedDateTime::getHour, Duration::toHours));
        all.put("getMinutes", getter("getMinutes", ZonedDateTime::getMinute, Duration::toMinutes));
        all.put("getSeconds", getter("getSeconds", ZonedDateTime::getSecond, Functions::wholeSeconds));
        all.put(
                "getMilliseconds",
                getter("getMilliseconds", time -> time.getNano() / 1_000_000, length -> length.toMillis() % 1_000));
    }

    /** Cut off towards zero, as the larger units are. */
    private static long wholeSeconds(Duration length) {
        return length.isNegative() && length.getNano() > 0 ? length.getSeconds() + 1 : length.getSeconds();
    }

    private static Function getter(
            String name, ToLongFunction<ZonedDateTime> ofTime, @Nullable ToLongFunction<Duration> ofDuration) {
        return arguments -> {
            if (arguments[0] instanceof Instant instant) {
                return ofTime.applyAsLong(instant.atZone(
                        arguments.length == 1 ? ZoneOffset.UTC : Times.zone(string(arguments, 1, name))));
            }
            if (ofDuration != null && arguments[0] instanceof Duration length && arguments.length == 1) {
                return ofDuration.applyAsLong(length);
            }
            throw Failure.noOverload(name, arguments);
        };
    }

    /** {@code a.matches("...")} with a pattern that was read once. */
    static final class Matches extends Node {
        private final Node string;
        private final Pattern pattern;

        Matches(Node string, Pattern pattern) {
            this.string = string;
            this.pattern = pattern;
        }

        @Override
        int evaluate(Frame frame) {
            int kind = string.evaluate(frame);
            return switch (kind) {
                case Kind.ERROR -> kind;
                case Kind.TEXT, Kind.STRING ->
                    Kind.of(pattern.matcher(frame.string(kind)).find());
                default -> frame.fail("no such overload: matches(" + Kind.typeName(kind) + ", string)");
            };
        }
    }

    /** {@code size(a)}, which counts the code points of a string where it stands. */
    static final class Size extends Node {
        private final Node value;

        Size(Node value) {
            this.value = value;
        }

        @Override
        int evaluate(Frame frame) {
            int kind = value.evaluate(frame);
            if (kind == Kind.TEXT) {
                return frame.integer(Utf8.codePoints(frame.bytes, frame.from, frame.to));
            }
            if (kind == Kind.ERROR) {
                return kind;
            }
            try {
                return frame.unboxed(size(new Object[] {frame.boxed(kind)}));
            } catch (Failure e) {
                return frame.unboxed(e);
            }
        }
    }
}
