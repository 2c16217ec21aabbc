package io.millrace.io.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlLog.Entry;
import io.millrace.transforms.script.version.ControlLog.Read;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;

/** Reads what has been appended to a file of control records. */
final class FileLogReader implements ControlLog.Reader {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final LockedFile file;

    FileLogReader(Path path) {
        this.file = new LockedFile(path);
    }

    @Override
    public Read read() throws IOException {
        return new Read(file.readLines().stream().map(FileLogReader::entry).toList(), true);
    }

    /** A line that is no record, or does not say when it was published, is given as it is: so it is refused. */
    private static Entry entry(String line) {
        try {
            JsonNode json = JSON.readTree(line);
            if (json instanceof ObjectNode control
                    && control.path(FileLog.PUBLISHED_AT).isTextual()) {
                Instant published =
                        Instant.parse(control.remove(FileLog.PUBLISHED_AT).textValue());
                return new Entry(control.toString(), published);
            }
        } catch (JsonProcessingException | DateTimeException e) {
            return new Entry(line, null);
        }
        return new Entry(line, null);
    }

    @Override
    public void close() {}
}
