package io.millrace.benchmarks.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One way to write an event: with or without white space, with letters escaped, fields left out, written twice or with another
 * value than they had.
 */
final class Variation {
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "60",
            "60.0",
            "6.1e1",
            "61E+0",
            "25.000",
            "2.5",
            "14400",
            "1767225600000",
            "12345678901234567890123",
            "9223372036854775808",
            "1e999",
            "-1e-400",
            "\"\"",
            "\"US\"",
            "\"tv\"",
            "\"8.0.0\"",
            "\"8.\\u0000\"",
            "\"US\\u0000\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"u-\\n\"",
            "\"😀 and much more text\"",
            "{}",
            "[]",
            "{\"id\":1,\"duration\":90}",
            "[\"US\",{\"a\":null}]");
    private static final String BLANKS = " \n\t\r";

    private final Random random;
    private final boolean blank;
    private final int escapesOf16;
    private final int othersOf256;

    Variation(Random random) {
        this.random = random;
        this.blank = random.nextBoolean();
        this.escapesOf16 = random.nextInt(4);
        this.othersOf256 = random.nextInt(3) * 8;
    }

    byte[] write(Map<String, Object> event) {
        StringBuilder text = new StringBuilder();
        value(event, text);
        blank(text);
        return text.toString().getBytes(UTF_8);
    }

    /** The document with a byte changed or left out, or without its end. */
    byte[] broken(byte[] document) {
        byte[] bytes = document.clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(5)) {
            case 0 -> bytes = Arrays.copyOf(bytes, at);
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2 -> bytes[at] = (byte) "{}[],:\"\\ 0-.eE".charAt(random.nextInt(14));
            case 3 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            default -> System.arraycopy(document, at, bytes, at - 1 < 0 ? 0 : at - 1, bytes.length - at);
        }
        return bytes;
    }

    private void value(Object value, StringBuilder text) {
        blank(text);
        if (value instanceof Map<?, ?> map) {
            object(map, text);
        } else if (value instanceof List<?> list) {
            list(list, text);
        } else if (value instanceof String string) {
            string(string, text);
        } else {
            text.append(value);
        }
    }

    private void object(Map<?, ?> map, StringBuilder text) {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            boolean other = happens(othersOf256);
            if (other && random.nextInt(4) == 0) {
                continue;
            }
            text.append(separator);
            separator = ",";
            field(entry.getKey(), entry.getValue(), text);
            if (other) {
                text.append(separator);
                field(entry.getKey(), random.nextBoolean() ? entry.getValue() : null, text);
            }
        }
        text.append(separator.equals("{") ? "{" : "");
        blank(text);
        text.append('}');
    }

    /** A field with its value, or for a null with any other. */
    private void field(Object name, Object value, StringBuilder text) {
        blank(text);
        string((String) name, text);
        blank(text);
        text.append(':');
        if (value == null) {
            blank(text);
            text.append(VALUES.get(random.nextInt(VALUES.size())));
        } else {
            value(value, text);
        }
    }

    private void list(List<?> list, StringBuilder text) {
        text.append('[');
        for (int i = 0; i < list.size(); i++) {
            text.append(i == 0 ? "" : ",");
            value(list.get(i), text);
            blank(text);
        }
        blank(text);
        text.append(']');
    }

    private void string(String value, StringBuilder text) {
        text.append('"');
        for (char c : value.toCharArray()) {
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (random.nextInt(16) < escapesOf16 && random.nextInt(4) == 0) {
                text.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    private void blank(StringBuilder text) {
        while (blank && random.nextInt(3) == 0) {
            text.append(BLANKS.charAt(random.nextInt(BLANKS.length())));
        }
    }

    private boolean happens(int chances) {
        return random.nextInt(256) < chances;
    }
}
