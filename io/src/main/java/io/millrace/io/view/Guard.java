package io.millrace.io.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.io.sink.RefusedException;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.view.ViewHeaders;

/** How careful an event asks to be written. */
enum Guard {
    /** Whatever is there. */
    NONE,
    /** Unless something newer is there. */
    VERSION,
    /** In place of whatever is there, unless that is the same. */
    REPLACE;

    static Guard of(Headers headers) throws RefusedException {
        byte[] value = headers.last(ViewHeaders.GUARD);
        String text = value == null ? "" : new String(value, UTF_8);
        return switch (text) {
            case "" -> NONE;
            case ViewHeaders.GUARD_VERSION -> VERSION;
            case ViewHeaders.GUARD_REPLACE -> REPLACE;
            default ->
                throw new RefusedException(
                        Reason.REFUSED, "header " + ViewHeaders.GUARD + " must be version or replace, but was " + text);
        };
    }
}
