package io.millrace.devinterface.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** The offsets at which a read of Kafka is to begin, as JSON: out of the file that a spec names, or written in its place. */
final class StartOffsets {
    private static final String RULE = "must be a JSON file such as {\"plays\": {\"0\": 123}}, or that JSON itself";
    private static final Form<Map<String, Map<Integer, Long>>> FORM =
            new MapForm<>(Scalars.TEXT, new MapForm<>(Scalars.PARTITION, Scalars.OFFSET));

    private StartOffsets() {}

    /**
     * The offsets as canonical JSON.
     *
     * @throws IllegalArgumentException if there is no such file, or it has something else
     */
    static String inlined(String jsonOrFile) {
        String json = jsonOrFile.stripLeading().startsWith("{") ? jsonOrFile : content(jsonOrFile);
        try {
            return inlined(JsonText.read(json));
        } catch (SyntaxException e) {
            throw new IllegalArgumentException(RULE + ", but " + e.at() + " has: " + e.getMessage(), e);
        }
    }

    private static String inlined(Value value) {
        Reading reading = new Reading();
        Map<String, Map<Integer, Long>> offsets = FORM.read(value, "", reading);
        if (offsets == null || reading.count() > 0) {
            throw new IllegalArgumentException(RULE + ", but "
                    + reading.problems().stream().map(SpecProblem::toString).collect(Collectors.joining("; ")));
        }
        return Plain.canonicalJson(FORM.plain(offsets));
    }

    private static String content(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(RULE + ", but " + Unreadable.why(file, e), e);
        }
    }
}
