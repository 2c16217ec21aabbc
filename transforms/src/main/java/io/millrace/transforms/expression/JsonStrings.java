package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Strings of a scanned document without their escapes. */
final class JsonStrings {
    private JsonStrings() {}

    /** The text between two quotes; fails on half of a surrogate pair, which no Unicode string can hold. */
    static String unescaped(byte[] bytes, int from, int to) throws Failure {
        StringBuilder text = new StringBuilder(to - from);
        int plain = from;
        for (int at = from; at < to; ) {
            if (bytes[at] != '\\') {
                at++;
                continue;
            }
            text.append(new String(bytes, plain, at - plain, UTF_8)).append(character(bytes, at + 1));
            at += bytes[at + 1] == 'u' ? 6 : 2;
            plain = at;
        }
        text.append(new String(bytes, plain, to - plain, UTF_8));
        if (hasLoneSurrogate(text)) {
            throw new Failure("a string with half of a surrogate pair");
        }
        return text.toString();
    }

    /** Like {@link #unescaped}, as UTF-8; null for what no Unicode string can hold. */
    static byte @Nullable [] unescapedUtf8(byte[] bytes, int from, int to) {
        try {
            return unescaped(bytes, from, to).getBytes(UTF_8);
        } catch (Failure e) {
            return null;
        }
    }

    private static char character(byte[] bytes, int at) {
        return switch (bytes[at]) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' ->
                (char) (hex(bytes[at + 1]) << 12
                        | hex(bytes[at + 2]) << 8
                        | hex(bytes[at + 3]) << 4
                        | hex(bytes[at + 4]));
            default -> (char) bytes[at];
        };
    }

    private static int hex(byte digit) {
        return Character.digit(digit, 16);
    }

    static boolean hasLoneSurrogate(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (!pair) {
                return true;
            }
            i++;
        }
        return false;
    }
}
