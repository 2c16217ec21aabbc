package io.millrace.devinterface.spec;

import io.millrace.io.sink.SinkProvider;
import java.util.Map;

/**
 * The JSON Schema, of draft 2020-12, of a router's spec: an editor completes and checks with it what a user writes.
 *
 * <p>It accepts every spec that {@link SpecReader} accepts. The reader refuses more: it also checks expressions, durations and
 * what must hold between the parts of a spec.
 */
public final class SpecSchema {
    private SpecSchema() {}

    /** The schema as JSON text; a spec may name these sinks, given by name. */
    public static String json(Map<String, SinkProvider<?>> sinks) {
        Forms forms = Forms.of(sinks);
        Map<String, Object> schema = Plain.map(
                "$schema", "https://json-schema.org/draft/2020-12/schema", "title", "A router's spec, version 1");
        schema.putAll(forms.router().schema());
        schema.put("$defs", Plain.map("sink", forms.sink().definition()));
        return Plain.prettyJson(schema, "") + "\n";
    }
}
