package io.millrace.io.http;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A url that a key is put into.
 *
 * @param origin its scheme, host and port
 * @param before its path and query, up to where the key stands, or all
 * @param after what comes after the key
 */
record KeyedUrl(String origin, String before, String after) {
    static final String KEY = "{key}";

    private static final String UNRESERVED = "-._~";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    static KeyedUrl of(String url) {
        int path = pathOf(url);
        int key = url.indexOf(KEY);
        String slash = url.startsWith("/", path) ? "" : "/";
        return new KeyedUrl(
                url.substring(0, path),
                slash + (key < 0 ? url.substring(path) : url.substring(path, key)),
                key < 0 ? "" : url.substring(key + KEY.length()));
    }

    /** Where the path or the query of a url begins. */
    static int pathOf(String url) {
        int at = url.indexOf("//") + 2;
        while (at < url.length() && url.charAt(at) != '/' && url.charAt(at) != '?') {
            at++;
        }
        return at;
    }

    /** The path and query with a key in it. */
    String with(String key) {
        StringBuilder text = new StringBuilder(before.length() + key.length() + after.length() + 16).append(before);
        int at = 0;
        while (at < key.length() && isUnreserved(key.charAt(at))) {
            text.append(key.charAt(at++));
        }
        if (at < key.length()) {
            encode(key.substring(at), text);
        }
        return text.append(after).toString();
    }

    /** A text as it may stand in a path or a query, without a meaning of its own. */
    static String encoded(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        encode(text, encoded);
        return encoded.toString();
    }

    /** RFC 3986, 2.1: whatever has a meaning in urls, or may have one, is encoded. */
    private static void encode(String key, StringBuilder text) {
        for (byte one : key.getBytes(UTF_8)) {
            int unit = one & 0xFF;
            if (isUnreserved((char) unit)) {
                text.append((char) unit);
            } else {
                text.append('%').append(HEX[unit >> 4]).append(HEX[unit & 0xF]);
            }
        }
    }

    private static boolean isUnreserved(char unit) {
        return (unit >= 'a' && unit <= 'z')
                || (unit >= 'A' && unit <= 'Z')
                || (unit >= '0' && unit <= '9')
                || UNRESERVED.indexOf(unit) >= 0;
    }
}
