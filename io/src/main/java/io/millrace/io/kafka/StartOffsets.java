package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The offset at which each partition of each topic is to begin, out of JSON: {@code {"plays": {"0": 123, "1": 0}}}.
 *
 * @param offsets the offset of the first record to read, by partition
 */
record StartOffsets(Map<TopicPartition, Long> offsets) implements Serializable {
    private static final String RULE = "startOffsets must be {\"<topic>\": {\"<partition>\": <offset>}}";

    StartOffsets {
        offsets = Map.copyOf(offsets);
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
