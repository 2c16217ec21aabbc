package io.millrace.io.memcached;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Utf8;
import org.jspecify.annotations.Nullable;

/** What memcached takes for a key. */
final class Keys {
    static final int MOST_BYTES = 250;

    private static final char DELETE = 0x7F;

    private Keys() {}

    /** What keeps a text from being a key, or its beginning; null where nothing does. */
    static @Nullable String problem(String key) {
        boolean isAscii = true;
        for (int at = 0; at < key.length(); at++) {
            char unit = key.charAt(at);
            if (unit <= ' ' || unit == DELETE) {
                return "has spaces or control characters";
            }
            isAscii &= unit < DELETE;
        }
        if (!isAscii && !UTF_8.newEncoder().canEncode(key)) {
            return "is no text that UTF-8 can write";
        }
        int bytes = Utf8.encodedLength(key);
        return bytes > MOST_BYTES ? "has " + bytes + " bytes, and memcached takes " + MOST_BYTES : null;
    }
}
