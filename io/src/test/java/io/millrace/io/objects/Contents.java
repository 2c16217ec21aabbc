package io.millrace.io.objects;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** What lies in a folder after a test. */
final class Contents {
    private Contents() {}

    /** The text of every data object, by its name, uncompressed. */
    static Map<String, String> dataOf(Path folder) throws IOException {
        return contents(folder, false);
    }

    /** The text of every manifest, by its path. */
    static Map<String, String> manifestsOf(Path folder) throws IOException {
        return contents(folder, true);
    }

    private static Map<String, String> contents(Path folder, boolean manifests) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        if (!Files.exists(folder)) {
            return contents;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> folder.relativize(file).startsWith("_manifest") == manifests)
                    .forEach(file -> contents.put(folder.relativize(file).toString(), text(file)));
        }
        return contents;
    }

    private static String text(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return new String(file.toString().endsWith(".gz") ? unzip(bytes) : bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] unzip(byte[] bytes) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }
}
