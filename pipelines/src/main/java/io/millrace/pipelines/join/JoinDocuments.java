package io.millrace.pipelines.join;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.joiner.Joined;
import io.millrace.transforms.joiner.Joined.Stage;
import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * The documents of a join's results: {@code {"stage": "complete", "key": …, "left": {"count": 2, "first": {…}, "last": {…}}, "right":
 * {…}}}, and with them the identities of the results.
 *
 * <p>A result is known by its right event; a left event without one by itself.
 *
 * @param lists whether they have all left events, as {@code left.list}
 * @param tellsStage whether results of one identity differ by their stage, which is then in the header {@value Joined#STAGE_HEADER} too
 */
record JoinDocuments(boolean lists, boolean tellsStage) implements Serializable {
    Event joined(String key, Joined<Kept, Kept> joined) {
        Json json = new Json(joined.stage(), key);
        left(joined.left(), json);
        right(joined.right(), json);
        return event(joined.stage(), key, joined.right(), json);
    }

    private static String text(Stage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }

    Event unmatchedLeft(String key, Kept lefts) {
        Json json = new Json(Stage.COMPLETE, key);
        left(lefts, json);
        return event(Stage.COMPLETE, key, lefts, json);
    }

    Event unmatchedRight(String key, Kept right) {
        Json json = new Json(Stage.COMPLETE, key);
        left(Kept.NOTHING, json);
        right(right, json);
        return event(Stage.COMPLETE, key, right, json);
    }

    private Event event(Stage stage, String key, Kept of, Json json) {
        Headers headers = Headers.empty();
        return Event.of(
                requireNonNull(of.firstId()),
                key.getBytes(UTF_8),
                json.bytes(),
                tellsStage ? headers.with(Joined.STAGE_HEADER, text(stage).getBytes(UTF_8)) : headers);
    }

    private void left(Kept lefts, Json json) {
        json.text(",\"left\":{\"count\":" + lefts.count());
        if (lefts.count() > 0) {
            json.text(",\"first\":").raw(lefts.first()).text(",\"last\":").raw(lefts.last());
        }
        if (lists) {
            list(lefts.list(), json.text(",\"list\":["));
        }
        json.text("}");
    }

    private static void list(List<byte[]> documents, Json json) {
        for (int i = 0; i < documents.size(); i++) {
            json.text(i == 0 ? "" : ",").raw(documents.get(i));
        }
        json.text("]");
    }

    private static void right(Kept right, Json json) {
        json.text(",\"right\":").raw(right.first());
    }

    /** A document in the making. */
    private static final class Json {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

        Json(Stage stage, String key) {
            text("{\"stage\":\"" + JoinDocuments.text(stage) + "\",\"key\":\"");
            raw(JsonStringEncoder.getInstance().quoteAsUTF8(key)).text("\"");
        }

        Json text(String ascii) {
            return raw(ascii.getBytes(UTF_8));
        }

        Json raw(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        byte[] bytes() {
            text("}");
            return out.toByteArray();
        }
    }
}
