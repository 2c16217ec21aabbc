package io.millrace.testfixtures.assets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A file of a movie has come to an appliance, or is there no more.
 *
 * @param cdn the part of the CDN
 * @param movie the movie
 * @param appliance the appliance
 * @param path where the file is; null if it is there no more
 * @param time when
 */
public record AssetEvent(
        String cdn,
        String movie,
        String appliance,
        @Nullable String path,
        Instant time) {

    /** The key of a view of locations. */
    public String key() {
        return cdn + "/" + movie;
    }

    /** The event as a document. */
    public String document() {
        String what = path == null ? "\"kind\":\"removed\"" : "\"kind\":\"added\",\"path\":\"" + path + "\"";
        return "{\"cdn\":\"" + cdn + "\",\"movie_id\":\"" + movie + "\",\"appliance\":\"" + appliance + "\"," + what
                + ",\"ts\":" + time.toEpochMilli() + "}";
    }

    /** The record of it, in the partition of its movie. */
    public ProducerRecord<byte[], byte[]> recordFor(String topic) {
        return new ProducerRecord<>(topic, movie.getBytes(UTF_8), document().getBytes(UTF_8));
    }
}
