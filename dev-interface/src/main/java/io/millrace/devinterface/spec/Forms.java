package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Value.Kind;
import io.millrace.io.sink.SinkProvider;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.TextExpression;
import io.millrace.transforms.expression.TimeExpression;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Finds the form of a type, with the sinks that a spec may name. */
final class Forms {
    private static final Set<Kind> ANY_SCALAR = Set.of(Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN);
    private static final List<String> ANY_SCALAR_TYPES = List.of("string", "number", "boolean");

    private static final ScalarForm<String> TEXT =
            text("text", Function.identity(), Function.identity(), Plain.map("type", "string"));
    private static final ScalarForm<String> SCALAR_AS_TEXT = new ScalarForm<>(
            "text", ANY_SCALAR, Function.identity(), text -> text, Plain.map("type", ANY_SCALAR_TYPES));
    private static final ScalarForm<String> NAME = text(
            "text",
            Names::check,
            Function.identity(),
            Plain.map("type", "string", "pattern", "^" + Names.PATTERN + "$"));
    private static final ScalarForm<Boolean> FLAG = new ScalarForm<>(
            "true or false", Set.of(Kind.BOOLEAN), Boolean::valueOf, flag -> flag, Plain.map("type", "boolean"));
    private static final ScalarForm<Duration> DURATION = text(
            "a duration", Forms::duration, Duration::toString, Plain.map("type", "string", "pattern", "^[-+]?[Pp]"));

    private final Map<String, SinkProvider<?>> sinks;

    private Forms(Map<String, SinkProvider<?>> sinks) {
        this.sinks = sinks;
    }

    /** Forms that know these sinks. */
    static Forms of(Map<String, SinkProvider<?>> sinks) {
        return new Forms(sinks);
    }

    /** The form of a router's spec. */
    RecordForm<RouterSpec> router() {
        return record(RouterSpec.class);
    }

    /** The form of any text. */
    static Form<String> text() {
        return TEXT;
    }

    /** The form of a Kafka partition's number, as a key. */
    static Form<Integer> partition() {
        return text(
                "a whole number",
                text -> (int) whole(text, 0, Integer.MAX_VALUE),
                String::valueOf,
                Plain.map("type", "string"));
    }

    /** The form of an offset in a Kafka partition. */
    static Form<Long> offset() {
        return whole(0, Long.MAX_VALUE, Function.identity(), Function.identity());
    }

    /** The form of a sink. */
    SinkForm sink() {
        return new SinkForm(sinks, this);
    }

    /** The form of a record. */
    <T extends Record> RecordForm<T> record(Class<T> type) {
        return RecordForm.of(type, this);
    }

    /** The form of a type; marks are what the record component that has it is annotated with. */
    Form<?> of(Type type, AnnotatedElement marks) {
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            return generic(raw, generic.getActualTypeArguments(), marks);
        }
        if (type instanceof Class<?> plain) {
            return plain(plain, marks);
        }
        throw unknown(type);
    }

    private Form<?> generic(Class<?> raw, Type[] arguments, AnnotatedElement marks) {
        if (raw == SinkSpec.class) {
            return sink();
        }
        if (raw == List.class) {
            return new ListForm<>(of(arguments[0], marks), marks.isAnnotationPresent(NamedItems.class));
        }
        if (raw == Map.class) {
            Form<?> element = arguments[1] == String.class ? SCALAR_AS_TEXT : of(arguments[1], marks);
            return new MapForm<>(of(arguments[0], marks), element);
        }
        throw unknown(raw);
    }

    private Form<?> plain(Class<?> type, AnnotatedElement marks) {
        if (type == String.class) {
            return marks.isAnnotationPresent(Name.class) ? NAME : TEXT;
        }
        if (type == boolean.class || type == Boolean.class) {
            return FLAG;
        }
        if (type == int.class || type == Integer.class) {
            Between bounds = marks.getAnnotation(Between.class);
            return bounds == null
                    ? whole(Integer.MIN_VALUE, Integer.MAX_VALUE, Long::intValue, Integer::longValue)
                    : whole(bounds.least(), bounds.most(), Long::intValue, Integer::longValue);
        }
        if (type == long.class || type == Long.class) {
            return whole(Long.MIN_VALUE, Long.MAX_VALUE, Function.identity(), Function.identity());
        }
        if (type == Duration.class) {
            return DURATION;
        }
        return ofOurOwn(type);
    }

    private Form<?> ofOurOwn(Class<?> type) {
        if (type == Filter.class) {
            return expression(Filter::of, Filter::source);
        }
        if (type == TextExpression.class) {
            return expression(TextExpression::of, TextExpression::source);
        }
        if (type == TimeExpression.class) {
            return expression(TimeExpression::of, TimeExpression::source);
        }
        if (type == ProjectSpec.class) {
            return new ProjectForm();
        }
        if (type.isEnum()) {
            return choice(type);
        }
        Optional<Method> parse = parse(type);
        if (parse.isPresent()) {
            return text("text", text -> parsed(parse.get(), text), Object::toString, Plain.map("type", "string"));
        }
        if (type.isRecord()) {
            return record(type.asSubclass(Record.class));
        }
        throw unknown(type);
    }

    /** The type's own way to read the text that its {@code toString()} gives. */
    private static Optional<Method> parse(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals("parse") && method.getReturnType() == type)
                .filter(method -> Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class}))
                .findFirst();
    }

    private static Object parsed(Method parse, String text) {
        try {
            return parse.invoke(null, text);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException wrong) {
                throw wrong;
            }
            throw new IllegalStateException(parse + " failed", e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(parse + " must be public, of a public type", e);
        }
    }

    private static IllegalStateException unknown(Type type) {
        return new IllegalStateException(type.getTypeName() + " has no form in a spec");
    }

    private static <T> ScalarForm<T> text(
            String type, Function<String, T> meaning, Function<T, String> writing, Map<String, Object> schema) {
        return new ScalarForm<>(type, Set.of(Kind.TEXT), meaning, writing::apply, schema);
    }

    /** An expression may be a number or a boolean: as a constant it means itself. */
    static <T> ScalarForm<T> expression(Function<String, T> meaning, Function<T, String> writing) {
        return new ScalarForm<>(
                "an expression", ANY_SCALAR, meaning, writing::apply, Plain.map("type", ANY_SCALAR_TYPES));
    }

    private static <T> ScalarForm<T> whole(
            long least, long most, Function<Long, T> meaning, Function<T, Long> writing) {
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

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "must be a duration such as PT10S or PT1H30M, but was " + Words.quoted(text), e);
        }
    }

    private static <T> ScalarForm<T> choice(Class<T> type) {
        List<T> constants = Arrays.asList(type.getEnumConstants());
        List<String> names = constants.stream().map(Forms::camel).toList();
        String rule = "must be " + String.join(" or ", names);
        return text(
                String.join(" or ", names),
                text -> constants.get(indexOf(text, names, rule)),
                Forms::camel,
                Plain.map("type", "string", "enum", names));
    }

    private static int indexOf(String text, List<String> names, String rule) {
        if (!names.contains(text)) {
            throw new IllegalArgumentException(rule + ", but was " + Words.quoted(text));
        }
        return names.indexOf(text);
    }

    private static String camel(Object constant) {
        StringBuilder name = new StringBuilder();
        for (String word : ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).split("_")) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }
}
