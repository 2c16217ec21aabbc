package io.millrace.pipelines.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.view.ViewHeaders;
import io.millrace.transforms.view.ViewUpdate;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * The documents of a view, {@code {"version": 17, "key": "us/m-1", "items": [{…}, {…}]}}: events with the view's key, and without a value where
 * the key is removed. The header {@value ViewHeaders#VERSION} has the version of both.
 */
final class ViewDocuments {
    private ViewDocuments() {}

    static Event event(Origin origin, String key, ViewUpdate<byte[]> update) {
        return Event.of(
                ResultId.of(origin),
                key.getBytes(UTF_8),
                update.isRemoved() ? null : json(key, update),
                headers(update));
    }

    private static Headers headers(ViewUpdate<byte[]> update) {
        Headers headers = Headers.empty().with(ViewHeaders.VERSION, bytes(Long.toString(update.version())));
        return switch (update.cause()) {
            case CHANGE, FLUSH -> headers;
            case RENEW -> headers.with(ViewHeaders.GUARD, bytes(ViewHeaders.GUARD_VERSION));
            case REPAIR -> headers.with(ViewHeaders.GUARD, bytes(ViewHeaders.GUARD_REPLACE));
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** The document of a key. */
    static byte[] json(String key, ViewUpdate<byte[]> update) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        out.writeBytes(bytes("{\"version\":" + update.version() + ",\"key\":\""));
        out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(key));
        out.writeBytes(bytes("\",\"items\":["));
        List<byte[]> items = update.items();
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            out.writeBytes(items.get(i));
        }
        out.writeBytes(bytes("]}"));
        return out.toByteArray();
    }
}
