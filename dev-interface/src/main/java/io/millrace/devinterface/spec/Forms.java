package io.millrace.devinterface.spec;

import io.millrace.io.sink.SinkProvider;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.TextExpression;
import io.millrace.transforms.expression.TimeExpression;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the form of a type, with the sinks that a spec may name. */
final class Forms {
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
            Form<?> element = arguments[1] == String.class ? Scalars.ANY_AS_TEXT : of(arguments[1], marks);
            return new MapForm<>(of(arguments[0], marks), element);
        }
        throw unknown(raw);
    }

    private Form<?> plain(Class<?> type, AnnotatedElement marks) {
        if (type == String.class) {
            return marks.isAnnotationPresent(Name.class) ? Scalars.NAME : Scalars.TEXT;
        }
        if (type == boolean.class || type == Boolean.class) {
            return Scalars.FLAG;
        }
        if (type == int.class || type == Integer.class) {
            return whole(marks.getAnnotation(Between.class));
        }
        if (type == long.class || type == Long.class) {
            return Scalars.whole(Long.MIN_VALUE, Long.MAX_VALUE, Function.identity(), Function.identity());
        }
        if (type == double.class || type == Double.class) {
            return Scalars.DECIMAL;
        }
        if (type == Duration.class) {
            return Scalars.DURATION;
        }
        return ofOurOwn(type);
    }

    private static Form<Integer> whole(@Nullable Between bounds) {
        return Scalars.whole(
                bounds == null ? Integer.MIN_VALUE : bounds.least(),
                bounds == null ? Integer.MAX_VALUE : bounds.most(),
                Long::intValue,
                Integer::longValue);
    }

    private Form<?> ofOurOwn(Class<?> type) {
        if (type == Filter.class) {
            return Scalars.expression(Filter::of, Filter::source);
        }
        if (type == TextExpression.class) {
            return Scalars.expression(TextExpression::of, TextExpression::source);
        }
        if (type == TimeExpression.class) {
            return Scalars.expression(TimeExpression::of, TimeExpression::source);
        }
        if (type == ProjectSpec.class) {
            return new ProjectForm();
        }
        return type.isEnum() ? Scalars.choice(type) : ofTheirOwn(type);
    }

    private Form<?> ofTheirOwn(Class<?> type) {
        Optional<Method> parse = parse(type);
        if (parse.isPresent()) {
            return Scalars.parsed(parse.get());
        }
        if (type.isRecord()) {
            return record(type.asSubclass(Record.class));
        }
        throw unknown(type);
    }

    /** The type's own way to read the text that its {@code toString()} gives. */
    private static Optional<Method> parse(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getName().equals("parse") && method.getReturnType() == type)
                .filter(method -> Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class}))
                .findFirst();
    }

    private static IllegalStateException unknown(Type type) {
        return new IllegalStateException(type.getTypeName() + " has no form in a spec");
    }
}
