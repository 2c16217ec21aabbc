package io.millrace.devinterface.spec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** Specs that are right, each another kind. */
final class Samples {
    static final List<String> NAMES =
            List.of("play-events.yaml", "files.yaml", "smallest.yaml", "tight.json", "shared.yaml", "scripts.yaml");

    private Samples() {}

    static String text(String name) {
        try (InputStream in = Samples.class.getResourceAsStream("/specs/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
