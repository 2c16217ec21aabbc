package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns a part of a scanned document, which is therefore known to be sound, into CEL values. */
final class JsonReader {
    private static final Slots NO_SLOTS = new Slots(0);

    private final byte[] bytes;
    private final Frame number = new Frame(NO_SLOTS, 0);
    private int at;

    JsonReader(byte[] bytes, int start) {
        this.bytes = bytes;
        this.at = start;
    }

    Object read() throws Failure {
        return switch (bytes[at]) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word(Boolean.TRUE, 4);
            case 'f' -> word(Boolean.FALSE, 5);
            case 'n' -> word(Null.NULL, 4);
            default -> number();
        };
    }

    private Object word(Object value, int length) {
        at += length;
        return value;
    }

    private Map<Object, Object> object() throws Failure {
        Map<Object, Object> map = new LinkedHashMap<>();
        at++;
        skipBlank();
        while (bytes[at] != '}') {
            String name = string();
            skipBlank();
            at++;
            skipBlank();
            map.put(name, read());
            skipBlank();
            if (bytes[at] == ',') {
                at++;
                skipBlank();
            }
        }
        at++;
        return map;
    }

    private List<Object> array() throws Failure {
        List<Object> list = new ArrayList<>();
        at++;
        skipBlank();
        while (bytes[at] != ']') {
            list.add(read());
            skipBlank();
            if (bytes[at] == ',') {
                at++;
                skipBlank();
            }
        }
        at++;
        return list;
    }

    private String string() throws Failure {
        int start = at + 1;
        boolean escaped = false;
        for (at = start; bytes[at] != '"'; at++) {
            if (bytes[at] == '\\') {
                escaped = true;
                at++;
            }
        }
        int end = at++;
        return escaped ? JsonStrings.unescaped(bytes, start, end) : new String(bytes, start, end - start, UTF_8);
    }

    private Object number() throws Failure {
        int start = at;
        boolean whole = true;
        for (; at < bytes.length && isOfNumber(bytes[at]); at++) {
            whole &= bytes[at] == '-' || bytes[at] >= '0' && bytes[at] <= '9';
        }
        int kind = whole ? Numbers.integer(number, bytes, start, at) : Numbers.real(number, bytes, start, at);
        if (kind == Kind.ERROR) {
            throw new Failure(number.error);
        }
        return number.boxed(kind);
    }

    private static boolean isOfNumber(byte b) {
        return b >= '0' && b <= '9' || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E';
    }

    private void skipBlank() {
        while (bytes[at] <= ' ' && bytes[at] >= 0) {
            at++;
        }
    }
}
