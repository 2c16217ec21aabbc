package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Value.Entry;
import io.millrace.devinterface.spec.Value.Fields;
import io.millrace.devinterface.spec.Value.Kind;
import io.millrace.devinterface.spec.Value.Mark;
import io.millrace.devinterface.spec.Value.Scalar;
import io.millrace.io.sink.SinkProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sink's name with its settings, as a mapping with one key; or the name alone, for a sink that needs no settings.
 *
 * @param sinks the sinks there are, by name
 * @param forms the forms of their settings
 */
record SinkForm(Map<String, SinkProvider<?>> sinks, Forms forms) implements Form<SinkSpec<?>> {

    @Override
    public @Nullable SinkSpec<?> read(Value value, String path, Reading reading) {
        if (value instanceof Scalar scalar && scalar.kind() == Kind.TEXT) {
            return read(scalar.text(), scalar.at(), Fields.of(List.of(), scalar.at()), path, reading);
        }
        if (value instanceof Fields fields && fields.entries().size() == 1) {
            Entry entry = fields.entries().get(0);
            return read(entry.key(), entry.at(), entry.value(), path, reading);
        }
        reading.problem(path, value.at(), "must name one sink, but was " + described(value));
        return null;
    }

    private static String described(Value value) {
        return value instanceof Fields fields
                ? "a mapping of " + fields.entries().size()
                : value.described();
    }

    private @Nullable SinkSpec<?> read(String name, Mark at, Value settings, String path, Reading reading) {
        SinkProvider<?> provider = sinks.get(name);
        if (provider == null) {
            reading.problem(path, at, "unknown sink " + Words.quoted(name) + Words.hint(name, sinks.keySet()));
            return null;
        }
        SinkSpec<?> sink = read(provider, settings, Words.key(path, name), reading);
        if (sink != null) {
            reading.made(path, at, sink);
        }
        return sink;
    }

    private <ConfigT extends Record> @Nullable SinkSpec<ConfigT> read(
            SinkProvider<ConfigT> provider, Value settings, String path, Reading reading) {
        ConfigT config = forms.record(provider.configType()).read(settings, path, reading);
        try {
            return config == null ? null : SinkSpec.of(provider, config);
        } catch (IllegalArgumentException e) {
            reading.problem(path, settings.at(), String.valueOf(e.getMessage()));
            return null;
        }
    }

    @Override
    public Object plain(SinkSpec<?> sink) {
        return Plain.map(sink.name(), settings(sink));
    }

    private <ConfigT extends Record> Object settings(SinkSpec<ConfigT> sink) {
        return forms.record(sink.provider().configType()).plain(sink.config());
    }

    /** A reference to {@link #definition}, since sinks are named in several places. */
    @Override
    public Map<String, Object> schema() {
        return Plain.map("$ref", "#/$defs/sink");
    }

    /** The JSON Schema of a sink. */
    Map<String, Object> definition() {
        List<Object> alternatives = new ArrayList<>();
        List<String> names = sinks.values().stream()
                .filter(provider -> settings(provider).keys().stream().noneMatch(Key::required))
                .map(SinkProvider::name)
                .toList();
        if (!names.isEmpty()) {
            alternatives.add(Plain.map("type", "string", "enum", names));
        }
        sinks.values().forEach(provider -> alternatives.add(definition(provider)));
        return Plain.map("oneOf", alternatives);
    }

    private Map<String, Object> definition(SinkProvider<?> provider) {
        return Plain.map(
                "type",
                "object",
                "description",
                provider.description(),
                "properties",
                Plain.map(provider.name(), settings(provider).schema()),
                "required",
                List.of(provider.name()),
                "additionalProperties",
                false);
    }

    /** The form of a sink's settings. */
    RecordForm<?> settings(SinkProvider<?> provider) {
        return forms.record(provider.configType());
    }

    @Override
    public String type() {
        return "sink";
    }
}
