package io.millrace.devinterface.spec;

import com.google.common.base.CaseFormat;
import io.millrace.devinterface.spec.Value.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The forms of what is written as one scalar. */
final class Scalars {
    private static final Set<Kind> ANY = Set.of(Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN);
    private static final List<String> ANY_TYPE = List.of("string", "number", "boolean");

    /** Any text. */
    static final ScalarForm<String> TEXT =
            text("text", Function.identity(), Function.identity(), Plain.map("type", "string"));

    /** Any text, which may be written as a number or a boolean. */
    static final ScalarForm<String> ANY_AS_TEXT =
            new ScalarForm<>("text", ANY, Function.identity(), text -> text, Plain.map("type", ANY_TYPE));

    /** A pipeline's or route's name. */
    static final ScalarForm<String> NAME = text(
            "text",
            Names::check,
            Function.identity(),
            Plain.map("type", "string", "pattern", "^" + Names.PATTERN + "$"));

    /** True or false. */
    static final ScalarForm<Boolean> FLAG = new ScalarForm<>(
            "true or false", Set.of(Kind.BOOLEAN), Boolean::valueOf, flag -> flag, Plain.map("type", "boolean"));

    /** An ISO 8601 duration. */
    static final ScalarForm<Duration> DURATION = text(
            "a duration", Scalars::duration, Duration::toString, Plain.map("type", "string", "pattern", "^[-+]?[Pp]"));

    /** A number with or without a fraction. */
    static final ScalarForm<Double> DECIMAL = new ScalarForm<>(
            "a number",
            Set.of(Kind.NUMBER),
            Scalars::decimal,
            number -> BigDecimal.valueOf(number).stripTrailingZeros(),
            Plain.map("type", "number"));

    /** An offset in a Kafka partition. */
    static final ScalarForm<Long> OFFSET = whole(0, Long.MAX_VALUE, Function.identity(), Function.identity());

    /** A Kafka partition's number, as a key. */
    static final ScalarForm<Integer> PARTITION = text(
            "a whole number",
            text -> (int) whole(text, 0, Integer.MAX_VALUE),
            String::valueOf,
            Plain.map("type", "string"));

    private Scalars() {}

    private static <T> ScalarForm<T> text(
            String noun, Function<String, T> meaning, Function<T, String> writing, Map<String, Object> schema) {
        return new ScalarForm<>(noun, Set.of(Kind.TEXT), meaning, writing::apply, schema);
    }

    /** An expression; one that is a number or a boolean means itself. */
    static <T> ScalarForm<T> expression(Function<String, T> meaning, Function<T, String> writing) {
        return new ScalarForm<>("an expression", ANY, meaning, writing::apply, Plain.map("type", ANY_TYPE));
    }

    /** A number without fraction, within bounds. */
    static <T> ScalarForm<T> whole(long least, long most, Function<Long, T> meaning, Function<T, Long> writing) {
        return new ScalarForm<>(
                "a whole number",
                Set.of(Kind.NUMBER),
                text -> meaning.apply(whole(text, least, most)),
                writing::apply,
                Plain.map("type", "integer"));
    }

    private static long whole(String text, long least, long most) {
        try {
            BigDecimal number = new BigDecimal(text);
            if (number.compareTo(BigDecimal.valueOf(least)) >= 0 && number.compareTo(BigDecimal.valueOf(most)) <= 0) {
                return number.longValueExact();
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("must be a whole number, but was " + Words.shortened(text), e);
        }
        String bounds = least == most ? String.valueOf(least) : "from " + least + " to " + most;
        throw new IllegalArgumentException("must be " + bounds + ", but was " + Words.shortened(text));
    }

    private static double decimal(String text) {
        try {
            double number = Double.parseDouble(text);
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a number, but was " + Words.shortened(text), e);
        }
        throw new IllegalArgumentException("must be a number, but was " + Words.shortened(text));
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "must be a duration such as PT10S or PT1H30M, but was " + Words.quoted(text), e);
        }
    }

    /** A constant of an enumeration, by its name in lower camel case. */
    static <T> ScalarForm<T> choice(Class<T> type) {
        List<T> constants = Arrays.asList(type.getEnumConstants());
        List<String> names = constants.stream().map(Scalars::camel).toList();
        String rule = String.join(" or ", names);
        return text(
                rule,
                text -> constants.get(indexOf(text, names, rule)),
                Scalars::camel,
                Plain.map("type", "string", "enum", names));
    }

    private static int indexOf(String text, List<String> names, String rule) {
        if (!names.contains(text)) {
            throw new IllegalArgumentException("must be " + rule + ", but was " + Words.quoted(text));
        }
        return names.indexOf(text);
    }

    private static String camel(Object constant) {
        return CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.LOWER_CAMEL, ((Enum<?>) constant).name());
    }

    /** What a static method makes of text, and {@code toString()} turns back. */
    static ScalarForm<Object> parsed(Method parse) {
        return text("text", text -> parsed(parse, text), Object::toString, Plain.map("type", "string"));
    }

    private static Object parsed(Method parse, String text) {
        try {
            return parse.invoke(null, text);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(Refusal.message(e), e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(parse + " must be public, of a public type", e);
        }
    }
}
