package io.millrace.io.objects;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.transforms.event.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one run has written for one shard, of a window or without windows: a small JSON object beside the data.
 *
 * @param lineage the run that wrote it
 * @param epoch the run's epoch
 * @param generation one more than the highest that the run found in other runs' manifests when it first wrote here
 * @param object the object's name; with numbered objects their pattern, in which {@code *} is the number
 * @param objects how many objects count; of numbered ones those from 0 on
 * @param records the number of lines
 * @param bytes the size of the objects
 * @param offsets where the results came from
 * @param isArchive whether it is of an archive, so that the offsets are those that were read without a gap
 */
record Manifest(
        String lineage,
        long epoch,
        long generation,
        String object,
        long objects,
        long records,
        long bytes,
        Offsets offsets,
        boolean isArchive) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int VERSION = 1;

    /** Whether a replay of dead letters wrote it. */
    boolean isOfReplay() {
        return Run.isReplay(lineage);
    }

    /** The same, of another generation. */
    Manifest ofGeneration(long another) {
        return new Manifest(lineage, epoch, another, object, objects, records, bytes, offsets, isArchive);
    }

    byte[] toJson() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            writeTo(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("manifestVersion", VERSION);
        json.writeStringField("lineage", lineage);
        json.writeNumberField("epoch", epoch);
        json.writeNumberField("generation", generation);
        json.writeStringField("object", object);
        json.writeNumberField("objects", objects);
        json.writeNumberField("records", records);
        json.writeNumberField("bytes", bytes);
        if (isArchive) {
            json.writeBooleanField("archive", true);
        }
        json.writeArrayFieldStart("offsets");
        for (Offsets.Range range : offsets.ranges()) {
            writeRange(range, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeRange(Offsets.Range range, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("stream", range.stream());
        json.writeNumberField("partition", range.partition());
        json.writeNumberField("first", range.first());
        json.writeNumberField("last", range.last());
        json.writeNumberField("count", range.count());
        json.writeEndObject();
    }

    /** The manifest of a name in a folder, if it is there. */
    static Optional<Manifest> read(String name, Folder folder) throws IOException {
        Optional<byte[]> text = folder.read(name);
        return text.isPresent() ? Optional.of(parse(text.get())) : Optional.empty();
    }

    /**
     * Reads what {@link #toJson()} gives.
     *
     * @throws IOException if it is no manifest, or one of another version
     */
    static Manifest parse(byte[] text) throws IOException {
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            Fields fields = Fields.read(json);
            if (fields.number("manifestVersion") != VERSION) {
                throw new IOException("manifest must be of version " + VERSION + ", but was of version "
                        + fields.number("manifestVersion"));
            }
            return new Manifest(
                    fields.text("lineage"),
                    fields.number("epoch"),
                    fields.number("generation"),
                    fields.text("object"),
                    fields.number("objects"),
                    fields.number("records"),
                    fields.number("bytes"),
                    Offsets.of(fields.ranges),
                    fields.values.containsKey("archive"));
        }
    }

    /** The fields of one JSON object, and its ranges of offsets where it has them. */
    private record Fields(Map<String, String> values, List<Offsets.Range> ranges) {

        static Fields read(JsonParser json) throws IOException {
            Fields fields = new Fields(new HashMap<>(), new ArrayList<>());
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (json.nextToken() == JsonToken.START_ARRAY) {
                    fields.readRanges(json);
                } else {
                    fields.values.put(name, json.getText());
                }
            }
            return fields;
        }

        private void readRanges(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.START_OBJECT) {
                Fields range = read(json);
                ranges.add(new Offsets.Range(
                        range.text("stream"),
                        Math.toIntExact(range.number("partition")),
                        range.number("first"),
                        range.number("last"),
                        range.number("count")));
            }
        }

        String text(String name) throws IOException {
            @Nullable String value = values.get(name);
            if (value == null) {
                throw new IOException("manifest must have " + name);
            }
            return value;
        }

        long number(String name) throws IOException {
            return Long.parseLong(text(name));
        }
    }
}
