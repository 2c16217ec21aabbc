package io.millrace.testfixtures.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A lookup that the history service took, as it recorded it on arrival.
 *
 * @param arrival when the request was there as a whole, by the service's clock, in milliseconds
 * @param method {@code GET} or {@code POST}
 * @param keys the profile ids asked for
 * @param outcome the status that it answers with, such as {@code 200}, or what it does instead: {@code hang},
 *     {@code reset}, {@code reset-in-mid-answer} or {@code close}
 */
public record Call(Instant arrival, String method, List<String> keys, String outcome) {

    public Call {
        keys = List.copyOf(keys);
    }

    /** Reads a line of the service's record: milliseconds, method, outcome, and each key after a comma, encoded as in a URL. */
    static Call parse(String line) {
        String[] parts = line.split(" ", 4);
        return new Call(Instant.ofEpochMilli(Long.parseLong(parts[0])), parts[1], keys(parts[3]), parts[2]);
    }

    private static List<String> keys(String text) {
        return text.isEmpty()
                ? List.of()
                : Stream.of(text.substring(1).split(",", -1)).map(Call::decoded).toList();
    }

    private static String decoded(String key) {
        return key.indexOf('%') < 0 && key.indexOf('+') < 0 ? key : URLDecoder.decode(key, UTF_8);
    }
}
