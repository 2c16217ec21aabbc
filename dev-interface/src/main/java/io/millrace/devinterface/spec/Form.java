package io.millrace.devinterface.spec;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How values of one type are written in a spec: the one place that reads, writes and describes them.
 *
 * @param <T> the type of what is read; {@link #read} and {@link #plain} are each other's inverse
 */
interface Form<T> {

    /** What the value means, or null after noting why it means nothing. */
    @Nullable T read(Value value, String path, Reading reading);

    /** The same as maps, lists, texts, numbers and booleans. */
    Object plain(T meaning);

    /** The JSON Schema of what {@link #read} accepts. */
    Map<String, Object> schema();

    /** The type's name in the reference. */
    String type();
}
