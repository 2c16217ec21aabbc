package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import io.millrace.io.files.FileEvents;
import io.millrace.io.objects.WriteObjects;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which records of Kafka a read gives, from where to where.
 *
 * <p>Where there is a checkpoint, it decides what is read next; {@code start} and {@code startOffsets} are for a read without one.
 *
 * <p><i>Fails</i>: at construction, where {@code bootstrapServers} or {@code groupId} is blank, {@code topics} are none or not
 * distinct, {@code start} is given beside {@code startOffsets}, {@code generation} is negative, {@code archive} is no folder, or {@code properties} set what the
 * read sets itself.
 */
public record KafkaSource(
        @Setting(
                value = "Where the Kafka cluster is reached, as host:port, joined by commas.",
                example = "localhost:9092")
        String bootstrapServers,

        @Setting(value = "The topics to read.", example = "[play_events]")
        List<String> topics,

        @Setting(
                value =
                        "The consumer group whose offsets are committed, for monitoring alone: the checkpoint is the truth.",
                example = "millrace-play-events")
        @Nullable String groupId,

        @Setting(
                value = "Where to begin without a checkpoint: earliest, latest or an RFC 3339 time.",
                byDefault = "earliest",
                example = "2026-01-31T00:00:00Z")
        KafkaStart start,

        @Setting(
                value = "Instead of start: a JSON file with an offset for every partition of every topic, "
                        + "or that JSON itself.",
                example = "offsets.json")
        @Nullable String startOffsets,

        @Setting(
                value = "Where to end: never, end (what could be read when the run started) or an RFC 3339 time.",
                byDefault = "never",
                example = "end")
        KafkaStop stop,

        @Setting(
                value =
                        "Raise it after a topic was deleted and made anew: it tells the new topic's records from the old one's.",
                byDefault = "0")
        int generation,

        @Setting(
                value =
                        "The folder of the archive of these topics, from which is read what Kafka has deleted: that into which a route with"
                                + " archive writes. Of S3 it is s3://BUCKET/FOLDER.",
                example = "s3://lake/plays")
        @Nullable String archive,

        @Setting(
                value =
                        "Settings of the Kafka client. ${env:NAME} and ${file:PATH} are resolved where the client is opened.",
                byDefault = "{}",
                example = "{security.protocol: SASL_SSL, sasl.jaas.config: \"${file:/run/secrets/jaas}\"}")
        Map<String, String> properties)
        implements Serializable {

    /** Where a read begins unless it says otherwise. */
    public static final KafkaStart DEFAULT_START = KafkaStart.EARLIEST;

    /** Where a read ends unless it says otherwise. */
    public static final KafkaStop DEFAULT_STOP = KafkaStop.NEVER;

    /**
     * How the client fetches unless {@code properties} say otherwise. A poll hands out all of a fetch, and a fetch is small. What a poll
     * keeps back keeps its partition out of the next fetch, which then waits for partitions that have nothing; so that wait is short,
     * for fetches that hold more because they are compressed.
     */
    public static final Map<String, Object> CLIENT_DEFAULTS =
            Map.of("fetch.max.bytes", 2 << 20, "max.poll.records", 20_000, "fetch.max.wait.ms", 100);

    private static final Set<String> SET_BY_THE_READ = Set.of(
            "bootstrap.servers",
            "group.id",
            "key.deserializer",
            "value.deserializer",
            "enable.auto.commit",
            "auto.offset.reset",
            "isolation.level",
            "allow.auto.create.topics");

    public KafkaSource {
        topics = List.copyOf(topics);
        properties = Map.copyOf(properties);
        checkArgument(
                !bootstrapServers.isBlank(), "bootstrapServers must not be empty, but was '%s'", bootstrapServers);
        checkArgument(!topics.isEmpty(), "topics must not be empty, but was %s", topics);
        checkArgument(Set.copyOf(topics).size() == topics.size(), "topics must differ, but was %s", topics);
        checkArgument(groupId == null || !groupId.isBlank(), "groupId must not be empty, but was '%s'", groupId);
        checkArgument(
                startOffsets == null || start.equals(DEFAULT_START),
                "start must not be given beside startOffsets, but was %s",
                start);
        checkArgument(generation >= 0, "generation must be at least 0, but was %s", generation);
        if (archive != null) {
            WriteObjects.checkFolder(archive);
        }
        ClientProperties.checkNoneOf(SET_BY_THE_READ, properties);
    }

    /** A read of topics from their beginning that does not end. */
    public static KafkaSource of(String bootstrapServers, String... topics) {
        return new KafkaSource(
                bootstrapServers, List.of(topics), null, DEFAULT_START, null, DEFAULT_STOP, 0, null, Map.of());
    }

    /** The same, committing its offsets for a consumer group. */
    public KafkaSource withGroupId(String groupId) {
        return new KafkaSource(
                bootstrapServers, topics, groupId, start, startOffsets, stop, generation, archive, properties);
    }

    /** The same, committing no offsets. */
    public KafkaSource withoutGroupId() {
        return new KafkaSource(
                bootstrapServers, topics, null, start, startOffsets, stop, generation, archive, properties);
    }

    /** The same, beginning elsewhere. */
    public KafkaSource withStart(KafkaStart start) {
        return new KafkaSource(
                bootstrapServers, topics, groupId, start, startOffsets, stop, generation, archive, properties);
    }

    /** The same, beginning at the offsets of a JSON file, or of that JSON itself. */
    public KafkaSource withStartOffsets(String startOffsets) {
        return new KafkaSource(
                bootstrapServers, topics, groupId, start, startOffsets, stop, generation, archive, properties);
    }

    /** The same, beginning at what is there by default. */
    public KafkaSource withoutStart() {
        return new KafkaSource(
                bootstrapServers, topics, groupId, DEFAULT_START, null, stop, generation, archive, properties);
    }

    /** The same, ending elsewhere. */
    public KafkaSource withStop(KafkaStop stop) {
        return new KafkaSource(
                bootstrapServers, topics, groupId, start, startOffsets, stop, generation, archive, properties);
    }

    /** The same, of another generation of its topics. */
    public KafkaSource withGeneration(int generation) {
        return new KafkaSource(
                bootstrapServers, topics, groupId, start, startOffsets, stop, generation, archive, properties);
    }

    /** The same, with an archive of what Kafka may have deleted. */
    public KafkaSource withArchive(String archive) {
        return new KafkaSource(
                bootstrapServers, topics, groupId, start, startOffsets, stop, generation, archive, properties);
    }

    /** The path of the archive on the machine's own file system. */
    public Optional<String> localArchive() {
        return Optional.ofNullable(archive).flatMap(FileEvents::localPath);
    }

    /** The same, with other settings of the client. */
    public KafkaSource withProperties(Map<String, String> properties) {
        return new KafkaSource(
                bootstrapServers, topics, groupId, start, startOffsets, stop, generation, archive, properties);
    }
}
