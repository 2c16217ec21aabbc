package io.millrace.benchmarks.router;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ways to do the same work that are measured beside each other. */
enum Contender {
    KAFKA_CLIENTS("kafka-clients", "a loop of Kafka clients, streaming Jackson") {
        @Override
        void run(Task task) {
            KafkaLoop.run(task);
        }
    },
    NATIVE_TREE("native-tree", "native Flink, Jackson tree") {
        @Override
        void run(Task task) throws Exception {
            NativeFlink.run(task, TreePlays.class);
        }
    },
    NATIVE_STREAMING("native-streaming", "native Flink, streaming Jackson") {
        @Override
        void run(Task task) throws Exception {
            NativeFlink.run(task, StreamingPlays.class);
        }
    },
    NAIVE_BEAM("naive-beam", "Beam on Flink as the documentation has it") {
        @Override
        void run(Task task) {
            NaiveBeam.run(task);
        }
    },
    MILLRACE("millrace", "Millrace's router from a spec") {
        @Override
        void run(Task task) throws Exception {
            RouterOfSpec.run(task);
        }
    };

    private final String text;
    private final String description;

    Contender(String text, String description) {
        this.text = text;
        this.description = description;
    }

    /** Does the work until the process is ended. */
    abstract void run(Task task) throws Exception;

    String text() {
        return text;
    }

    String description() {
        return description;
    }

    static List<String> names() {
        return Stream.of(values()).map(Contender::text).collect(Collectors.toList());
    }

    static Contender named(String text) {
        return Stream.of(values())
                .filter(contender -> contender.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "contender must be one of " + String.join(", ", names()) + ", but was " + text));
    }
}
