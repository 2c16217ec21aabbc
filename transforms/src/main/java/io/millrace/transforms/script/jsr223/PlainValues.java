package io.millrace.transforms.script.jsr223;

import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.script.ScriptFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of a language as those that JSON has. */
final class PlainValues {
    private static final int DEEPEST = 512;

    private PlainValues() {}

    /** Maps, lists, texts, numbers, booleans and nulls; of others none is guessed at. */
    static @Nullable Object of(@Nullable Object value) throws ScriptFailure {
        return of(value, 0);
    }

    private static @Nullable Object of(@Nullable Object value, int depth) throws ScriptFailure {
        if (depth > DEEPEST) {
            throw new ScriptFailure(Reason.SCRIPT_FAILED, "a result must be at most " + DEEPEST + " levels deep");
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        if (value instanceof CharSequence || value instanceof Character) {
            return value.toString();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> plain = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                plain.put(String.valueOf(entry.getKey()), of(entry.getValue(), depth + 1));
            }
            return plain;
        }
        if (value instanceof Iterable<?> items) {
            List<@Nullable Object> plain = new ArrayList<>();
            for (Object item : items) {
                plain.add(of(item, depth + 1));
            }
            return plain;
        }
        throw new ScriptFailure(
                Reason.SCRIPT_FAILED,
                "a result must be made of what JSON has, but has a "
                        + value.getClass().getName());
    }
}
