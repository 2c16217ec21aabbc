package io.millrace.io.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a page has, as bytes of the JSON in which it stands: read in one go, of repeated names the last. */
final class JsonPage {
    private final byte[] page;
    private final @Nullable String itemsPath;
    private final Set<String> paths;
    private final Map<String, byte[]> fields = new HashMap<>();
    private @Nullable List<byte[]> items;

    private JsonPage(byte[] page, @Nullable String itemsPath, Set<String> paths) {
        this.page = page;
        this.itemsPath = itemsPath;
        this.paths = paths;
    }

    /**
     * Reads a page.
     *
     * @param page sound JSON
     * @param items the path of its list; null where it is one
     * @param paths those of the fields that it is asked for
     */
    static JsonPage of(byte[] page, @Nullable String items, Set<String> paths) {
        JsonPage read = new JsonPage(page, items, paths);
        try (JsonParser parser = JsonValues.parser(page)) {
            read.all(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read;
    }

    /** The elements of its list; null where it has none. */
    @Nullable List<byte[]> items() {
        return items;
    }

    /** The value at one of the paths; null where there is none. */
    byte @Nullable [] field(String path) {
        return fields.get(path);
    }

    private void all(JsonParser parser) throws IOException {
        JsonToken begin = parser.nextToken();
        if (begin == JsonToken.START_ARRAY && itemsPath == null) {
            items = elements(parser);
        } else if (begin == JsonToken.START_OBJECT) {
            object(parser, "");
        }
    }

    private void object(JsonParser parser, String prefix) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String path = prefix + parser.currentName();
            forget(path);
            JsonToken begin = parser.nextToken();
            int from = (int) parser.currentTokenLocation().getByteOffset();
            value(parser, begin, path);
            if (paths.contains(path)) {
                fields.put(path, Arrays.copyOfRange(page, from, (int)
                        parser.currentLocation().getByteOffset()));
            }
        }
    }

    /** Of a name that is repeated, what was found before does not count. */
    private void forget(String path) {
        fields.keySet().removeIf(found -> isAtOrBelow(found, path));
        if (itemsPath != null && isAtOrBelow(itemsPath, path)) {
            items = null;
        }
    }

    private static boolean isAtOrBelow(String path, String other) {
        return path.startsWith(other) && (path.length() == other.length() || path.charAt(other.length()) == '.');
    }

    private void value(JsonParser parser, JsonToken begin, String path) throws IOException {
        if (begin == JsonToken.START_ARRAY && path.equals(itemsPath)) {
            items = elements(parser);
        } else if (begin == JsonToken.START_OBJECT && leadsOn(path + ".")) {
            object(parser, path + ".");
        } else {
            parser.skipChildren();
            parser.finishToken();
        }
    }

    private boolean leadsOn(String prefix) {
        return (itemsPath != null && itemsPath.startsWith(prefix))
                || paths.stream().anyMatch(path -> path.startsWith(prefix));
    }

    private List<byte[]> elements(JsonParser parser) throws IOException {
        List<byte[]> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(JsonValues.current(parser, page));
        }
        return elements;
    }
}
