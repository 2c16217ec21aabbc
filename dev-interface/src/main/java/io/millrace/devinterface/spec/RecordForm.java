package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Value.Entry;
import io.millrace.devinterface.spec.Value.Fields;
import io.millrace.devinterface.spec.Value.Mark;
import io.millrace.io.config.Setting;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mapping with the keys of a record's components.
 *
 * @param <T> the record
 */
final class RecordForm<T extends Record> implements Form<T> {
    private final Class<T> type;
    private final List<Key> keys;

    private RecordForm(Class<T> type, List<Key> keys) {
        this.type = type;
        this.keys = keys;
    }

    /** The form of a public record all of whose components carry {@link Setting}. */
    static <T extends Record> RecordForm<T> of(Class<T> type, Forms forms) {
        return new RecordForm<>(
                type,
                Arrays.stream(type.getRecordComponents())
                        .map(component -> Key.of(component, forms))
                        .toList());
    }

    boolean isOf(Class<?> other) {
        return type == other;
    }

    /** The keys that may be written. */
    List<Key> keys() {
        return keys;
    }

    @Override
    public @Nullable T read(Value value, String path, Reading reading) {
        if (!(value instanceof Fields fields)) {
            reading.problem(path, value.at(), "must be a mapping, but was " + value.described());
            return null;
        }
        checkKnown(fields, path, reading);
        return read(distinct(fields, path, reading), fields.at(), path, reading);
    }

    private void checkKnown(Fields fields, String path, Reading reading) {
        List<String> known = keys.stream().map(Key::name).toList();
        for (Entry entry : fields.entries()) {
            if (!known.contains(entry.key())) {
                reading.problem(
                        Words.key(path, entry.key()), entry.at(), "unknown key" + Words.hint(entry.key(), known));
            }
        }
    }

    /** The entries by key, after noting those that are given twice. */
    static Map<String, Value> distinct(Fields fields, String path, Reading reading) {
        Map<String, Value> byKey = new LinkedHashMap<>();
        for (Entry entry : fields.entries()) {
            if (byKey.putIfAbsent(entry.key(), entry.value()) != null) {
                reading.problem(Words.key(path, entry.key()), entry.at(), "given twice");
            }
        }
        return byKey;
    }

    private @Nullable T read(Map<String, Value> given, Mark at, String path, Reading reading) {
        int before = reading.count();
        checkOneOf(given, at, path, reading);
        List<@Nullable Object> components = new ArrayList<>();
        for (Key key : keys) {
            components.add(component(key, given, at, path, reading));
        }
        return reading.count() == before ? make(components, given, at, path, reading) : null;
    }

    private void checkOneOf(Map<String, Value> given, Mark at, String path, Reading reading) {
        oneOf().ifPresent(alternatives -> {
            if (alternatives.stream().filter(given::containsKey).count() != 1) {
                reading.problem(path, at, "must have exactly one of " + String.join(", ", alternatives));
            }
        });
    }

    private static @Nullable Object component(
            Key key, Map<String, Value> given, Mark at, String path, Reading reading) {
        String below = Words.key(path, key.name());
        Value value = given.getOrDefault(key.name(), key.byDefault());
        if (value != null) {
            Object read = key.form().read(value, below, reading);
            return key.optional() ? Optional.ofNullable(read) : read;
        }
        if (key.required()) {
            reading.problem(below, at, "is required");
        }
        return key.optional() ? Optional.empty() : null;
    }

    private @Nullable T make(
            List<@Nullable Object> components, Map<String, Value> given, Mark at, String path, Reading reading) {
        try {
            T made = constructor().newInstance(components.toArray());
            reading.made(path, at, made);
            return made;
        } catch (InvocationTargetException e) {
            refused(Refusal.message(e), given, at, path, reading);
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName() + " must be a public record", e);
        }
    }

    /** Notes what the record's constructor said, at the component that its first word names. */
    private void refused(String message, Map<String, Value> given, Mark at, String path, Reading reading) {
        String subject = message.split(" ", 2)[0];
        boolean component = keys.stream().anyMatch(key -> key.name().equals(subject));
        Value value = given.get(subject);
        reading.problem(component ? Words.key(path, subject) : path, value == null ? at : value.at(), message);
    }

    private Constructor<T> constructor() throws NoSuchMethodException {
        return type.getConstructor(Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new));
    }

    /** The keys of which exactly one is given. */
    Optional<List<String>> oneOf() {
        return Optional.ofNullable(type.getAnnotation(OneOf.class)).map(one -> List.of(one.value()));
    }

    @Override
    public Map<String, Object> plain(T made) {
        Map<String, Object> plain = new LinkedHashMap<>();
        for (Key key : keys) {
            Object component = key.of(made);
            if (component != null) {
                plain.put(key.name(), key.form().plain(component));
            }
        }
        return plain;
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        keys.forEach(key -> properties.put(key.name(), key.schema()));
        Map<String, Object> schema = Plain.map("type", "object", "properties", properties);
        List<String> required =
                keys.stream().filter(Key::required).map(Key::name).toList();
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        oneOf().ifPresent(alternatives -> schema.put(
                "oneOf",
                alternatives.stream()
                        .map(name -> Plain.map("required", List.of(name)))
                        .toList()));
        schema.put("additionalProperties", false);
        return schema;
    }

    @Override
    public String type() {
        return "mapping";
    }
}
