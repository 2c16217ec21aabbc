package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Value.Entry;
import io.millrace.devinterface.spec.Value.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping whose keys are the user's own; the order is kept.
 *
 * @param key the form of the keys
 * @param element the form of the values
 */
record MapForm<K, V>(Form<K> key, Form<V> element) implements Form<Map<K, V>> {

    @Override
    public @Nullable Map<K, V> read(Value value, String path, Reading reading) {
        if (!(value instanceof Fields fields)) {
            reading.problem(path, value.at(), "must be a mapping, but was " + value.described());
            return null;
        }
        Map<String, Value> given = RecordForm.distinct(fields, path, reading);
        Map<K, V> entries = new LinkedHashMap<>();
        fields.entries().forEach(entry -> put(entry, Words.key(path, entry.key()), entries, reading));
        return entries.size() == given.size() ? entries : null;
    }

    private void put(Entry entry, String path, Map<K, V> entries, Reading reading) {
        K name = key.read(new Value.Scalar(Value.Kind.TEXT, entry.key(), entry.at()), path, reading);
        V content = element.read(entry.value(), path, reading);
        if (name != null && content != null) {
            entries.put(name, content);
        }
    }

    @Override
    public Object plain(Map<K, V> entries) {
        Map<String, Object> plain = new LinkedHashMap<>();
        entries.forEach((name, value) -> plain.put(String.valueOf(key.plain(name)), element.plain(value)));
        return plain;
    }

    @Override
    public Map<String, Object> schema() {
        return Plain.map("type", "object", "additionalProperties", element.schema());
    }

    @Override
    public String type() {
        return "mapping of " + element.type();
    }
}
