package io.millrace.devinterface.spec;

import static java.util.Objects.requireNonNull;

import io.millrace.io.kafka.KafkaSource;

/** Fills in what a spec leaves to its name, and puts the content of files in the place of their names. */
final class Completion {
    private Completion() {}

    /** The same spec, whole: neither its version nor its JSON depends on what else lies on the machine. */
    static RouterSpec complete(RouterSpec spec, boolean hasDeadLetters, Forms forms) {
        return new RouterSpec(
                spec.version(),
                spec.name(),
                spec.isolation(),
                source(spec.source(), spec.name()),
                spec.routes(),
                spec.s3(),
                hasDeadLetters ? spec.deadLetters() : deadLetters(spec.name(), forms));
    }

    private static SourceSpec source(SourceSpec source, String name) {
        KafkaSource kafka = source.kafka();
        return kafka == null ? source : source.withKafka(kafka(kafka, name));
    }

    private static KafkaSource kafka(KafkaSource kafka, String name) {
        KafkaSource grouped = kafka.groupId() == null ? kafka.withGroupId("millrace-" + name) : kafka;
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
