package io.millrace.devinterface.spec;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Maps, lists, texts, numbers and booleans, and their JSON texts. */
final class Plain {
    private Plain() {}

    /** A map of the given keys and values, in their order. */
    static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    /** The map with one more entry. */
    static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(map);
        more.put(key, value);
        return more;
    }

    /** Canonical JSON after RFC 8785: keys sorted, no white space, the shortest escapes. Whole numbers keep all their digits. */
    static String canonicalJson(Object plain) {
        return json(plain, true);
    }

    /** JSON without white space, keys in their own order. */
    static String orderedJson(Object plain) {
        return json(plain, false);
    }

    private static String json(Object plain, boolean sorted) {
        if (plain instanceof Map<?, ?> map) {
            return (sorted ? new TreeMap<>(map) : map)
                    .entrySet().stream()
                            .map(entry -> text((String) entry.getKey()) + ":" + json(entry.getValue(), sorted))
                            .collect(Collectors.joining(",", "{", "}"));
        }
        if (plain instanceof List<?> list) {
            return list.stream().map(element -> json(element, sorted)).collect(Collectors.joining(",", "[", "]"));
        }
        return plain instanceof String text ? text(text) : plain.toString();
    }

    /** JSON for people to read: keys in their own order, indented by two spaces. */
    static String prettyJson(Object plain, String indent) {
        String deeper = indent + "  ";
        if (plain instanceof Map<?, ?> map && !map.isEmpty()) {
            return map.entrySet().stream()
                    .map(entry -> deeper + text((String) entry.getKey()) + ": " + prettyJson(entry.getValue(), deeper))
                    .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
        }
        if (plain instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance)) {
            return list.stream()
                    .map(element -> deeper + prettyJson(element, deeper))
                    .collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
        }
        return orderedJson(plain);
    }

    /** The first 16 hexadecimal digits of the text's SHA-256. */
    static String sha256Start(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String text(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            escape(text.charAt(i), json);
        }
        return json.append('"').toString();
    }

    private static void escape(char c, StringBuilder json) {
        switch (c) {
            case '"' -> json.append("\\\"");
            case '\\' -> json.append("\\\\");
            case '\b' -> json.append("\\b");
            case '\f' -> json.append("\\f");
            case '\n' -> json.append("\\n");
            case '\r' -> json.append("\\r");
            case '\t' -> json.append("\\t");
            default -> json.append(c < ' ' ? "\\u00" + HexFormat.of().toHexDigits((byte) c) : String.valueOf(c));
        }
    }
}
