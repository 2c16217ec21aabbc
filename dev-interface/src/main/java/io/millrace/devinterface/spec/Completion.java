package io.millrace.devinterface.spec;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.millrace.io.bulkhead.InFlight;
import io.millrace.io.bulkhead.OnSlow;
import io.millrace.io.kafka.KafkaSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Fills in what a spec leaves to its name, and puts the content of files in the place of their names. */
final class Completion {
    private Completion() {}

    /** The same spec, whole: neither its version nor its JSON depends on what else lies on the machine. */
    static RouterSpec complete(RouterSpec spec, boolean hasDeadLetters, Forms forms) {
        String group = "millrace-" + spec.name();
        SourceSpec source = spec.source();
        Map<String, SourceSpec> sources = spec.sources();
        return new RouterSpec(
                spec.version(),
                spec.name(),
                spec.isolation(),
                spec.match(),
                source == null ? null : source(source, group),
                sources == null ? null : sources(sources, group),
                spec.joins(),
                spec.views(),
                spec.routes().stream().map(route -> route(route, spec)).toList(),
                spec.parking(),
                spec.s3(),
                hasDeadLetters ? spec.deadLetters() : deadLetters(spec.name(), forms));
    }

    private static RouteSpec route(RouteSpec route, RouterSpec spec) {
        return new RouteSpec(
                route.name(),
                from(route, spec),
                route.filter(),
                route.enrich(),
                route.project(),
                route.script() == null ? null : route.script().completed(),
                route.onError(),
                route.key(),
                route.archive(),
                route.sink(),
                spec.isShared() ? requireNonNullElse(route.inFlight(), InFlight.DEFAULT) : null,
                spec.isShared() ? requireNonNullElse(route.onSlow(), onSlow(spec)) : null);
    }

    private static @Nullable List<String> from(RouteSpec route, RouterSpec spec) {
        Map<String, SourceSpec> sources = spec.sources();
        return sources == null || spec.readsDerived(route)
                ? route.from()
                : sources.keySet().stream().filter(route::reads).toList();
    }

    private static OnSlow onSlow(RouterSpec spec) {
        return spec.parking() == null ? OnSlow.BLOCK : OnSlow.PARK;
    }

    private static Map<String, SourceSpec> sources(Map<String, SourceSpec> sources, String group) {
        Map<String, SourceSpec> completed = new TreeMap<>();
        sources.forEach((name, source) -> completed.put(name, source(source, group + "-" + name)));
        return completed;
    }

    private static SourceSpec source(SourceSpec source, String group) {
        KafkaSource kafka = source.kafka();
        return kafka == null ? source : source.withKafka(kafka(kafka, group));
    }

    private static KafkaSource kafka(KafkaSource kafka, String group) {
        KafkaSource grouped = kafka.groupId() == null ? kafka.withGroupId(group) : kafka;
        String startOffsets = kafka.startOffsets();
        return startOffsets == null ? grouped : grouped.withStartOffsets(StartOffsets.inlined(startOffsets));
    }

    private static SinkSpec<?> deadLetters(String name, Forms forms) {
        String text = RouterSpec.DEFAULT_DEAD_LETTERS.replace("<name>", name);
        try {
            return requireNonNull(forms.sink().read(SpecText.read(text), "deadLetters", new Reading()), text);
        } catch (SyntaxException e) {
            throw new IllegalStateException(text + " must be YAML", e);
        }
    }
}
