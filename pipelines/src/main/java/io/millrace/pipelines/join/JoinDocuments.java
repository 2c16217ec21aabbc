package io.millrace.pipelines.join;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.ResultId;
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
 */
record JoinDocuments(boolean lists) implements Serializable {

    Event joined(String key, Joined<Kept, Kept> joined) {
        Json json = new Json(joined.stage(), key);
        left(joined.left(), json);
        right(joined.right(), json);
        return event(key, joined.right(), json);
    }

    Event unmatchedLeft(String key, Kept lefts) {
        Json json = new Json(Stage.COMPLETE, key);
        left(lefts, json);
        return event(key, lefts, json);
    }

    Event unmatchedRight(String key, Kept right) {
        Json json = new Json(Stage.COMPLETE, key);
        left(Kept.NOTHING, json);
        right(right, json);
        return event(key, right, json);
    }

    private static Event event(String key, Kept of, Json json) {
        ResultId id = requireNonNull(of.firstId());
        return Event.of(id, key.getBytes(UTF_8), json.bytes(), Headers.empty());
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
            text("{\"stage\":\"" + stage.name().toLowerCase(Locale.ROOT) + "\",\"key\":\"");
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
