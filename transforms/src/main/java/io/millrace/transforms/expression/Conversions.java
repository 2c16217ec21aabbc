package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;

/** The standard functions that turn a value into one of another type. */
final class Conversions {
    private static final Pattern DOUBLE =
            Pattern.compile("[-+]?(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?|NaN|Inf(?:inity)?)");

    private Conversions() {}

    static Map<String, Function> all() {
        return Map.of(
                "int", Conversions::toInt,
                "uint", Conversions::toUint,
                "double", Conversions::toDouble,
                "string", Conversions::toText,
                "bytes", Conversions::toBytes,
                "bool", Conversions::toBool,
                "timestamp", Conversions::toTimestamp,
                "duration", Conversions::toDuration);
    }

    private static Object toInt(Object[] arguments) throws Failure {
        Object value = arguments[0];
        if (value instanceof Long) {
            return value;
        } else if (value instanceof Unsigned uint) {
            if (uint.bits() < 0) {
                throw new Failure("int out of range");
            }
            return uint.bits();
        } else if (value instanceof Double real) {
            if (!(real > -0x1p63 && real < 0x1p63)) {
                throw new Failure("int out of range");
            }
            return real.longValue();
        } else if (value instanceof String text) {
            return parsedInt(text);
        } else if (value instanceof Instant time) {
            return time.getEpochSecond();
        }
        throw Failure.noOverload("int", arguments);
    }

    private static Object parsedInt(String text) throws Failure {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw unreadable(text, "int");
        }
    }

    private static Object toUint(Object[] arguments) throws Failure {
        Object value = arguments[0];
        if (value instanceof Unsigned) {
            return value;
        } else if (value instanceof Long number) {
            if (number < 0) {
                throw new Failure("uint out of range");
            }
            return new Unsigned(number);
        } else if (value instanceof Double real) {
            if (!(real >= 0 && real < 0x1p64)) {
                throw new Failure("uint out of range");
            }
            return new Unsigned(Numbers.unsignedOf(real));
        } else if (value instanceof String text) {
            return parsedUint(text);
        }
        throw Failure.noOverload("uint", arguments);
    }

    private static Object parsedUint(String text) throws Failure {
        try {
            return new Unsigned(Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            throw unreadable(text, "uint");
        }
    }

    private static Object toDouble(Object[] arguments) throws Failure {
        Object value = arguments[0];
        if (value instanceof Double) {
            return value;
        } else if (value instanceof Long number) {
            return number.doubleValue();
        } else if (value instanceof Unsigned uint) {
            return uintAsDouble(uint.bits());
        } else if (value instanceof String text) {
            if (!DOUBLE.matcher(text).matches()) {
                throw unreadable(text, "double");
            }
            return Double.parseDouble(text.endsWith("Inf") ? text + "inity" : text);
        }
        throw Failure.noOverload("double", arguments);
    }

    /** Rounded once: the lowest bit of the half keeps whether anything was cut off. */
    private static double uintAsDouble(long bits) {
        return bits >= 0 ? (double) bits : (double) (bits >>> 1 | bits & 1) * 2;
    }

    private static Object toText(Object[] arguments) throws Failure {
        Object value = arguments[0];
        if (value instanceof Double real) {
            return NumberOutput.toString(real, true);
        } else if (value instanceof Bytes bytes) {
            if (!Utf8.isValid(bytes.array())) {
                throw new Failure("bytes are not UTF-8");
            }
            return new String(bytes.array(), UTF_8);
        } else if (value instanceof Instant time) {
            return Times.format(time);
        } else if (value instanceof Duration length) {
            return Times.format(length);
        } else if (value instanceof String || value instanceof Boolean || Values.isNumber(value)) {
            return value.toString();
        }
        throw Failure.noOverload("string", arguments);
    }

    private static Object toBytes(Object[] arguments) throws Failure {
        if (arguments[0] instanceof Bytes) {
            return arguments[0];
        } else if (arguments[0] instanceof String text) {
            return new Bytes(text.getBytes(UTF_8));
        }
        throw Failure.noOverload("bytes", arguments);
    }

    private static Object toBool(Object[] arguments) throws Failure {
        if (arguments[0] instanceof Boolean) {
            return arguments[0];
        } else if (arguments[0] instanceof String text) {
            return parsedBool(text);
        }
        throw Failure.noOverload("bool", arguments);
    }

    private static Object parsedBool(String text) throws Failure {
        return switch (text) {
            case "1", "t", "true", "TRUE", "True" -> true;
            case "0", "f", "false", "FALSE", "False" -> false;
            default -> throw unreadable(text, "bool");
        };
    }

    private static Object toTimestamp(Object[] arguments) throws Failure {
        Object value = arguments[0];
        if (value instanceof Instant) {
            return value;
        } else if (value instanceof String text) {
            return Times.timestamp(text);
        } else if (value instanceof Long seconds) {
            return Times.ofEpochSecond(seconds);
        }
        throw Failure.noOverload("timestamp", arguments);
    }

    private static Object toDuration(Object[] arguments) throws Failure {
        if (arguments[0] instanceof Duration) {
            return arguments[0];
        } else if (arguments[0] instanceof String text) {
            return Times.duration(text);
        }
        throw Failure.noOverload("duration", arguments);
    }

    private static Failure unreadable(String text, String type) {
        return new Failure("'" + Times.shortened(text) + "' is no " + type);
    }
}
