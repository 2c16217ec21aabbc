package io.millrace.benchmarks.view;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Titles, each of which has one file on an appliance, and what must be known of each: the version of its last event, or that of the last
 * publish.
 */
final class Titles implements Serializable {
    private static final long serialVersionUID = 1;

    private final AtomicLongArray versions;

    Titles(int number) {
        this.versions = new AtomicLongArray(number);
    }

    int number() {
        return versions.length();
    }

    static String key(int title) {
        return "us-east/title-" + title;
    }

    /** An event of a title; its version is a time in milliseconds. */
    ProducerRecord<byte[], byte[]> event(String topic, int title, long version) {
        versions.accumulateAndGet(title, version, Math::max);
        return new ProducerRecord<>(
                topic,
                null,
                key(title).getBytes(US_ASCII),
                document(title, version).getBytes(US_ASCII));
    }

    private static String document(int title, long version) {
        return "{\"key\":\"" + key(title) + "\",\"appliance\":\"oca-" + title % 97 + "\",\"path\":\""
                + path(title, version) + "\",\"ts\":" + version + "}";
    }

    private static String path(int title, long version) {
        return "/title-" + title + "/bitrate-5800/h264-main-" + version + ".mp4";
    }

    /** What must be stored of a title. */
    String value(int title) {
        return "{\"version\":" + versions.get(title) + ",\"locations\":[{\"appliance\":\"oca-" + title % 97
                + "\",\"path\":\"" + path(title, versions.get(title)) + "\"}]}";
    }

    long version(int title) {
        return versions.get(title);
    }

    /** Whether a publish has other files of a title than there were before. */
    static boolean isPublishedAnew(int title) {
        return title % 2 == 0;
    }

    /** Writes a full publish of all titles: half of them with other files than before, of a version. */
    void publish(Path file, long version) {
        try (BufferedWriter out = Files.newBufferedWriter(file, US_ASCII)) {
            for (int title = 0; title < number(); title++) {
                if (isPublishedAnew(title)) {
                    versions.accumulateAndGet(title, version, Math::max);
                }
                out.write(document(title, versions.get(title)));
                out.write('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
