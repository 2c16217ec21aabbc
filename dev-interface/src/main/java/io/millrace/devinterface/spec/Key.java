package io.millrace.devinterface.spec;

import io.millrace.io.config.Setting;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One component of a record, as the key of a mapping.
 *
 * @param component the component
 * @param form how its value is written; of an {@code Optional}, how what is in it is
 * @param byDefault what stands for it where it is not given; null if nothing does
 */
record Key(
        RecordComponent component,
        Form<Object> form,
        @Nullable Value byDefault) {

    @SuppressWarnings("unchecked") // a form reads what the component's own type says
    static Key of(RecordComponent component, Forms forms) {
        AnnotatedType type = component.getAnnotatedType();
        AnnotatedType written =
                isOptional(component) ? ((AnnotatedParameterizedType) type).getAnnotatedActualTypeArguments()[0] : type;
        Form<Object> form = (Form<Object>) forms.of(written.getType(), component);
        return new Key(component, form, value(setting(component).byDefault()));
    }

    private static boolean isOptional(RecordComponent component) {
        return component.getType() == Optional.class;
    }

    private static @Nullable Value value(String text) {
        try {
            return text.isEmpty() ? null : SpecText.read(text);
        } catch (SyntaxException e) {
            throw new IllegalStateException(Words.quoted(text) + " must be YAML", e);
        }
    }

    String name() {
        return component.getName();
    }

    boolean optional() {
        return isOptional(component);
    }

    boolean required() {
        return byDefault == null && !optional() && !component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    /** What it means. */
    Setting setting() {
        return setting(component);
    }

    private static Setting setting(RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        if (setting == null) {
            throw new IllegalStateException(
                    component.getDeclaringRecord().getName() + "." + component.getName() + " must carry @Setting");
        }
        return setting;
    }

    /** The component's value, or null where there is none. */
    @Nullable Object of(Record made) {
        try {
            Object value = component.getAccessor().invoke(made);
            return value instanceof Optional<?> optional ? optional.orElse(null) : value;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(made.getClass().getName() + " must be a public record", e);
        }
    }

    /** The JSON Schema of its value, with what it means. */
    Map<String, Object> schema() {
        Map<String, Object> schema = new LinkedHashMap<>(form.schema());
        schema.put("description", setting().value());
        if (byDefault != null) {
            schema.put("default", plain(byDefault));
        }
        Value example = value(setting().example());
        if (example != null) {
            schema.put("examples", List.of(plain(example)));
        }
        return schema;
    }

    /** The value, read and written again. */
    private Object plain(Value value) {
        Reading reading = new Reading();
        Object read = form.read(value, name(), reading);
        if (read == null) {
            throw new IllegalStateException(
                    component.getDeclaringRecord().getName() + " documents what it refuses: " + reading.problems());
        }
        return form.plain(read);
    }
}
