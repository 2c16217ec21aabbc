package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.joiner.Joined;
import io.millrace.transforms.joiner.Joined.Stage;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What the headers of a record say of the result in it.
 *
 * @param unordered whether its route keeps no order
 * @param replayed whether a replay of dead letters wrote it
 * @param retracts whether it takes back what was written under the identity
 * @param stage which of several results of one identity it is, where its route keeps no order
 */
record WrittenResult(ResultId id, long epoch, boolean unordered, boolean replayed, boolean retracts, Stage stage) {

    /** Nothing where the headers are not those of a result. Without an epoch it is of the first. */
    static Optional<WrittenResult> of(Headers headers) {
        try {
            return text(headers, IdHeaders.NAME).map(ResultId::parse).map(id -> of(id, headers));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // nobody's result
        }
    }

    private static WrittenResult of(ResultId id, Headers headers) {
        boolean unordered = text(headers, RouteHeaders.UNORDERED).isPresent();
        return new WrittenResult(
                id,
                text(headers, RouteHeaders.EPOCH).map(Long::parseLong).orElse(0L),
                unordered,
                text(headers, RouteHeaders.REPLAY).isPresent(),
                text(headers, RouteHeaders.RETRACTS).isPresent(),
                text(headers, Joined.STAGE_HEADER)
                        .filter(stage -> unordered)
                        .map(stage -> Stage.valueOf(stage.toUpperCase(Locale.ROOT)))
                        .orElse(Stage.COMPLETE));
    }

    /** The last of a record's headers of a name, as text. */
    static Optional<String> text(Headers headers, String name) {
        return Optional.ofNullable(headers.lastHeader(name)).map(Header::value).map(value -> new String(value, UTF_8));
    }

    OriginMark.Input input() {
        return new OriginMark.Input(id.step(), id.origin().stream(), id.origin().partition());
    }

    long offset() {
        return id.origin().offset();
    }

    OriginMark.Position position() {
        return new OriginMark.Position(offset(), id.ordinal());
    }
}
