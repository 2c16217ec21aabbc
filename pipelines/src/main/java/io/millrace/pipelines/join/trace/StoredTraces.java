package io.millrace.pipelines.join.trace;

import static java.util.Objects.requireNonNull;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.io.files.FileEvents;
import io.millrace.io.files.FileSource;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaSink;
import io.millrace.io.objects.FolderSink;
import io.millrace.transforms.event.Event;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.beam.sdk.options.PipelineOptions;

/** Where the traces of a join are: in files or objects, or in a topic. */
public final class StoredTraces {
    private final String place;
    private final Reading reading;

    private StoredTraces(String place, Reading reading) {
        this.place = place;
        this.reading = reading;
    }

    /** Gives each document to an action. */
    private interface Reading {
        void forEach(PipelineOptions options, Action action) throws IOException;
    }

    /** What is done with a document, of which it is known where it is. */
    private interface Action {
        void accept(byte[] document, String where);
    }

    /** Those in a file, a folder or a glob of JSON Lines. */
    public static StoredTraces at(String path) {
        return new StoredTraces(
                path,
                (options, action) -> FileEvents.forEach(
                        new FileSource(path),
                        options,
                        line -> action.accept(requireNonNull(line.value()), where(line))));
    }

    private static String where(Event line) {
        return line.id().origin().stream() + " at byte " + line.id().origin().offset();
    }

    /** Those that a route has written; nothing if its sink is none that they can be read from, or if it changes them. */
    public static Optional<StoredTraces> of(RouteSpec route) {
        if (route.project() != null || route.script() != null || route.looksUp()) {
            return Optional.empty();
        }
        Record sink = route.sink().config();
        if (sink instanceof FolderSink folder) {
            return Optional.of(at(folder.path()));
        }
        return sink instanceof KafkaSink topic ? Optional.of(in(topic)) : Optional.empty();
    }

    private static StoredTraces in(KafkaSink topic) {
        String place = "topic " + topic.topic() + " at " + topic.bootstrapServers();
        return new StoredTraces(
                place, (options, action) -> KafkaEvents.forEach(topic, value -> action.accept(value, place)));
    }

    /** Where they are, for messages. */
    public String place() {
        return place;
    }

    /**
     * Reads those that are wanted, in this process. What is stored twice is given once: a trace is known by what it says.
     *
     * @throws IOException if there is nothing, or it cannot be read
     * @throws IllegalArgumentException if one of them is no trace
     */
    public Set<TraceDocument> read(PipelineOptions options, Predicate<TraceDocument> isWanted) throws IOException {
        Set<TraceDocument> documents = new LinkedHashSet<>();
        reading.forEach(options, (json, where) -> {
            TraceDocument document = parse(json, where);
            if (isWanted.test(document)) {
                documents.add(document);
            }
        });
        return documents;
    }

    private static TraceDocument parse(byte[] json, String where) {
        try {
            return TraceDocument.parse(json);
        } catch (IllegalArgumentException e) {
            IllegalArgumentException wrong = new IllegalArgumentException(
                    "every document must be a trace of a join, but one in " + where + " is none: " + e.getMessage());
            wrong.addSuppressed(e); // a cause would be what a person gets to see
            throw wrong;
        }
    }
}
