package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaSink;
import io.millrace.io.objects.FolderSink;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.StoredDeadLetter;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** The events that a restatement has given up, as the shadow of the sink of dead letters has them. What had come of them before is not known to be wrong. */
public final class RestatedDeadLetters {
    private RestatedDeadLetters() {}

    /** Whether they can be read again. */
    public static boolean canBeRead(RouterSpec spec) {
        Record settings = spec.deadLetters().config();
        return settings instanceof FolderSink || settings instanceof KafkaSink;
    }

    /**
     * Those of a shadow, by route.
     *
     * @throws IOException if they cannot be read
     */
    public static Map<String, Set<Origin>> of(RouterSpec spec, String shadow) throws IOException {
        Map<String, Set<Origin>> givenUp = new HashMap<>();
        Consumer<StoredDeadLetter> action =
                stored -> givenUp.computeIfAbsent(stored.deadLetter().route(), none -> new HashSet<>())
                        .addAll(stored.deadLetter().event().id().origins());
        Record settings = spec.deadLetters().config();
        if (settings instanceof KafkaSink sink) {
            KafkaEvents.forEach(
                    sink.withTopic(sink.topic() + shadow), value -> action.accept(StoredDeadLetter.parse(value)));
        } else if (settings instanceof FolderSink sink) {
            forEach(sink.shadow(shadow).path(), spec, action);
        }
        return givenUp;
    }

    private static void forEach(String folder, RouterSpec spec, Consumer<StoredDeadLetter> action) throws IOException {
        if (!isThere(folder + "/" + FolderSink.SHADOW_MARK)) {
            throw new IOException("shadow " + folder + " must be there, but is not");
        }
        String objects = folder + "/*.jsonl*";
        if (isThere(objects)) {
            StoredDeadLetters.at(objects)
                    .forEach(Pipelines.withSettings(spec, PipelineOptionsFactory.create()), action);
        }
    }

    private static boolean isThere(String pattern) throws IOException {
        return !FileSystems.match(pattern, EmptyMatchTreatment.ALLOW).metadata().isEmpty();
    }
}
