package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in the document that some expression of a plan refers to, and with its children a trie of such places. After
 * {@link #number} it no longer grows; ids then run through the trie from the top down, so that everything below a place has
 * the ids up to {@link #lastId}.
 */
final class Path {
    private final @Nullable Path parent;
    private final String step;
    private final boolean element;
    private final byte[] name;
    private final long head;
    /** The last eight bytes of a longer name: with the head all of a name of up to sixteen. */
    private final long tail;

    private final Map<Object, Path> children = new LinkedHashMap<>();
    private int id;
    private int lastId;
    private @Nullable Path[] named = {};
    private int shift;
    private @Nullable Path nextNamed;
    private @Nullable Path[] elements = {};

    private Path(@Nullable Path parent, Object step) {
        this.parent = parent;
        this.step = step.toString();
        this.element = step instanceof Integer;
        this.name = this.step.getBytes(UTF_8);
        this.head = Words.head(name, 0, name.length);
        this.tail = name.length > Long.BYTES ? Words.at(name, name.length - Long.BYTES) : 0;
    }

    static Path document() {
        return new Path(null, "");
    }

    /** The child with a field's name (a String) or at an index (an Integer). */
    Path child(Object step) {
        return children.computeIfAbsent(step, key -> new Path(this, key));
    }

    int id() {
        return id;
    }

    int lastId() {
        return lastId;
    }

    /** Whether this is an element of an array and not a field. */
    boolean isElement() {
        return element;
    }

    @Nullable Path parent() {
        return parent;
    }

    /** Numbers this place and all below it, beginning with an id; answers the next free one. */
    int number(int first) {
        id = first;
        int next = first + 1;
        for (Path child : children.values()) {
            next = child.number(next);
        }
        lastId = next - 1;
        index();
        return next;
    }

    private void index() {
        List<Path> fields = new ArrayList<>();
        children.forEach((key, child) -> {
            if (key instanceof Integer position) {
                elements = Arrays.copyOf(elements, Math.max(elements.length, position + 1));
                elements[position] = child;
            } else {
                fields.add(child);
            }
        });
        int bits = 65 - Long.numberOfLeadingZeros(2L * fields.size()); // more than four buckets a field: few collide
        named = new Path[1 << bits];
        shift = Long.SIZE - bits;
        for (Path field : fields) {
            int bucket = bucket(field.head);
            field.nextNamed = named[bucket];
            named[bucket] = field;
        }
    }

    private int bucket(long head) {
        return (int) (head * Words.GOLDEN_RATIO >>> shift);
    }

    /** The place of the field whose name these bytes are, or null if nobody asks for it. */
    @Nullable Path field(byte[] bytes, int from, int to) {
        long wanted = Words.head(bytes, from, to);
        for (Path field = named[bucket(wanted)]; field != null; field = field.nextNamed) {
            if (field.head == wanted && field.name.length == to - from && field.hasTail(bytes, from, to)) {
                return field;
            }
        }
        return null;
    }

    private boolean hasTail(byte[] bytes, int from, int to) {
        return name.length <= Long.BYTES
                || Words.at(bytes, to - Long.BYTES) == tail
                        && (name.length <= 2 * Long.BYTES || Arrays.equals(name, 0, name.length, bytes, from, to));
    }

    /** The place of an array's element, or null if nobody asks for it. */
    @Nullable Path element(int index) {
        return index < elements.length ? elements[index] : null;
    }

    /** As a user writes it, without the leading {@code event}. */
    @Override
    public String toString() {
        return parent == null || parent.parent == null ? step : parent + "." + step;
    }
}
