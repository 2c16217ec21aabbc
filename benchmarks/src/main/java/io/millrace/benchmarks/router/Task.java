package io.millrace.benchmarks.router;

import io.millrace.benchmarks.race.Assignment;
import io.millrace.io.kafka.KafkaSink;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.testfixtures.events.PlayEvent.Play;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a contender is to do: read a topic, keep plays of more than a minute in North America, and write four of their fields to
 * another topic, with the key and the time of the record they came in.
 *
 * @param bootstrapServers where Kafka is
 * @param input the topic to read, from its beginning and without an end
 * @param output the topic to write
 * @param parallelism of the job
 */
record Task(String bootstrapServers, String input, String output, int parallelism) {

    /** The work as a spec says it; the contenders that have no spec do it by hand. */
    static final String FILTER = "event.duration_s > 60 && event.country in [\"US\", \"CA\"]";

    /** The fields of the results. */
    static final List<String> FIELDS = List.of("profile_id", "title_id", "device", "duration_s");

    /** How often every job takes a checkpoint; the loop of clients commits its offsets as often. */
    static final long CHECKPOINTING_INTERVAL_MILLIS = 10_000;

    private static final Set<String> COUNTRIES = Set.of("US", "CA");

    /** Reads the arguments of {@link RouterWork}. */
    static Task parse(List<String> arguments) {
        Assignment assignment = Assignment.parse(arguments);
        return new Task(
                assignment.bootstrapServers(),
                assignment.input(),
                assignment.output(),
                Integer.parseInt(arguments.get(Assignment.ARGUMENTS)));
    }

    /** What the filter says of a play. */
    static boolean takes(Play play) {
        return play.durationSeconds() > 60 && COUNTRIES.contains(play.country());
    }

    /** The settings of consumers that every contender but the naive one has: those of our own source. */
    Map<String, Object> consumerSettings() {
        Map<String, Object> settings = new HashMap<>(KafkaSource.CLIENT_DEFAULTS);
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("isolation.level", "read_committed");
        return settings;
    }

    /** The settings of producers that every contender but the naive one has: those that our own sink begins with. */
    Map<String, Object> producerSettings() {
        Map<String, Object> settings = new HashMap<>(KafkaSink.CLIENT_DEFAULTS);
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        return settings;
    }
}
