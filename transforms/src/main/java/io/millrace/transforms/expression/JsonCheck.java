package io.millrace.transforms.expression;

import org.jspecify.annotations.Nullable;

/** Checks bytes that are to be JSON, without making anything of them. */
public final class JsonCheck {
    private JsonCheck() {}

    /**
     * What keeps bytes from being one JSON value of any kind (RFC 8259, valid UTF-8, at most {@value Scanner#MAX_DEPTH} levels deep),
     * and where; null where they are one. White space may stand around it.
     */
    public static @Nullable String problem(byte[] bytes) {
        return new Scanner(new Slots(0)).check(bytes);
    }
}
