package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Serializable;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.beam.sdk.io.kafka.KafkaCheckpointMark;
import org.apache.kafka.common.TopicPartition;

/**
 * The offset at which each partition of each topic is to begin, out of JSON: {@code {"plays": {"0": 123, "1": 0}}}.
 *
 * @param offsets the offset of the first record to read, by partition
 */
record StartOffsets(Map<TopicPartition, Long> offsets) implements Serializable {
    /** No offset of any topic. */
    static final StartOffsets NONE = new StartOffsets(Map.of());

    private static final String RULE = "startOffsets must be {\"<topic>\": {\"<partition>\": <offset>}}";

    StartOffsets {
        offsets = Map.copyOf(offsets);
    }

    /**
     * The offsets that KafkaIO's reads had come to, by their checkpoint marks.
     *
     * @throws IllegalArgumentException if they do not say it for every partition
     */
    static StartOffsets of(Collection<? extends CheckpointMark> marks) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (CheckpointMark mark : marks) {
            if (mark instanceof KafkaCheckpointMark reached) {
                reached.getPartitions()
                        .forEach(partition -> offsets.put(
                                new TopicPartition(partition.getTopic(), partition.getPartition()),
                                partition.getNextOffset()));
            }
        }
        StartOffsets all = new StartOffsets(offsets);
        all.byTopic().forEach(StartOffsets::checkWhole);
        return all;
    }

    private static void checkWhole(String topic, TreeMap<Integer, Long> offsets) {
        checkArgument(
                offsets.lastKey() == offsets.size() - 1
                        && offsets.values().stream().allMatch(offset -> offset >= 0),
                "the offset that was reached must be known of every partition of topic %s, but is of %s",
                topic,
                offsets);
    }

    private TreeMap<String, TreeMap<Integer, Long>> byTopic() {
        TreeMap<String, TreeMap<Integer, Long>> topics = new TreeMap<>();
        offsets.forEach((partition, offset) -> topics.computeIfAbsent(partition.topic(), none -> new TreeMap<>())
                .put(partition.partition(), offset));
        return topics;
    }

    /** The JSON that gives these again. */
    String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, TreeMap<Integer, Long>> topic : byTopic().entrySet()) {
                json.writeObjectFieldStart(topic.getKey());
                for (Map.Entry<Integer, Long> partition : topic.getValue().entrySet()) {
                    json.writeNumberField(partition.getKey().toString(), partition.getValue());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Those of one topic. */
    Map<TopicPartition, Long> of(String topic) {
        return offsets.entrySet().stream()
                .filter(offset -> offset.getKey().topic().equals(topic))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Reads the JSON, or the file that has it. */
    static StartOffsets read(String jsonOrFile) {
        if (jsonOrFile.stripLeading().startsWith("{")) {
            return parse(jsonOrFile);
        }
        try {
            return parse(Files.readString(Path.of(jsonOrFile)));
        } catch (IOException e) {
            throw new UncheckedIOException("startOffsets must be a readable file, but was " + jsonOrFile, e);
        }
    }

    private static StartOffsets parse(String json) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            check(parser.nextToken() == JsonToken.START_OBJECT, json);
            for (String topic = parser.nextFieldName(); topic != null; topic = parser.nextFieldName()) {
                check(parser.nextToken() == JsonToken.START_OBJECT, json);
                readTopic(topic, parser, json, offsets);
            }
            check(parser.nextToken() == null, json);
        } catch (IOException | NumberFormatException e) {
            throw new IllegalArgumentException(RULE + ", but was " + json, e);
        }
        return new StartOffsets(offsets);
    }

    private static void readTopic(String topic, JsonParser parser, String json, Map<TopicPartition, Long> offsets)
            throws IOException {
        for (String partition = parser.nextFieldName(); partition != null; partition = parser.nextFieldName()) {
            check(parser.nextToken() == JsonToken.VALUE_NUMBER_INT && parser.getLongValue() >= 0, json);
            offsets.put(new TopicPartition(topic, Integer.parseInt(partition)), parser.getLongValue());
        }
    }

    private static void check(boolean rule, String json) {
        checkArgument(rule, "%s, but was %s", RULE, json);
    }
}
