package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Value.Entry;
import io.millrace.devinterface.spec.Value.Fields;
import io.millrace.devinterface.spec.Value.Items;
import io.millrace.devinterface.spec.Value.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A list of things of one form.
 *
 * @param element the form of each
 * @param named whether there is at least one, and each has a name of its own
 */
record ListForm<T>(Form<T> element, boolean named) implements Form<List<T>> {

    @Override
    public @Nullable List<T> read(Value value, String path, Reading reading) {
        if (!(value instanceof Items items)) {
            reading.problem(path, value.at(), "must be a list, but was " + value.described());
            return null;
        }
        if (named) {
            checkNames(items, path, reading);
        }
        List<T> elements = new ArrayList<>();
        for (int i = 0; i < items.values().size(); i++) {
            T read = element.read(items.values().get(i), Words.index(path, i), reading);
            if (read != null) {
                elements.add(read);
            }
        }
        return elements.size() == items.values().size() ? elements : null;
    }

    private static void checkNames(Items items, String path, Reading reading) {
        if (items.values().isEmpty()) {
            reading.problem(path, items.at(), "must not be empty");
        }
        Map<String, String> firstByName = new HashMap<>();
        for (int i = 0; i < items.values().size(); i++) {
            String namePath = Words.key(Words.index(path, i), "name");
            name(items.values().get(i)).ifPresent(name -> {
                String first = firstByName.putIfAbsent(name.text(), namePath);
                if (first != null) {
                    reading.problem(
                            namePath,
                            name.at(),
                            "must be unique, but " + Words.quoted(name.text()) + " is also " + first);
                }
            });
        }
    }

    private static Optional<Scalar> name(Value element) {
        return element instanceof Fields fields
                ? fields.entries().stream()
                        .filter(entry -> entry.key().equals("name"))
                        .map(Entry::value)
                        .filter(Scalar.class::isInstance)
                        .map(Scalar.class::cast)
                        .findFirst()
                : Optional.empty();
    }

    @Override
    public Object plain(List<T> elements) {
        return elements.stream().map(element::plain).toList();
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> schema = Plain.map("type", "array", "items", element.schema());
        return named ? Plain.with(schema, "minItems", 1L) : schema;
    }

    @Override
    public String type() {
        return "list of " + element.type();
    }
}
