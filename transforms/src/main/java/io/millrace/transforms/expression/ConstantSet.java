package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a constant list, to be found by their hash: strings by their UTF-8, ints by their value, so that neither
 * needs an object to be looked up. Everything else is compared one by one.
 */
final class ConstantSet {
    private static final int EMPTY = -1;

    private final byte[][] texts;
    private final int[] textTable;
    private final long[] ints;
    private final List<Object> others;

    ConstantSet(List<?> elements) {
        List<byte[]> utf8 = new ArrayList<>();
        List<Long> whole = new ArrayList<>();
        List<Object> rest = new ArrayList<>();
        for (Object element : elements) {
            Object number = Values.isNumber(element) ? Values.wholeNumber(element) : null;
            if (element instanceof String text) {
                utf8.add(text.getBytes(UTF_8));
            } else if (number instanceof Long value) {
                whole.add(value);
            } else {
                rest.add(element);
            }
        }
        texts = utf8.toArray(byte[][]::new);
        textTable = new int[Integer.highestOneBit(Math.max(1, texts.length)) * 4];
        Arrays.fill(textTable, EMPTY);
        for (int i = 0; i < texts.length; i++) {
            textTable[bucket(texts[i], 0, texts[i].length)] = i;
        }
        ints = whole.stream().mapToLong(Long::longValue).sorted().toArray();
        others = List.copyOf(rest);
    }

    boolean contains(Frame frame, int kind) {
        return switch (kind) {
            case Kind.TEXT -> holdsText(frame.bytes, frame.from, frame.to);
            case Kind.STRING -> holdsText((String) frame.object);
            case Kind.INT -> holdsInt(frame.number) || holdsOther(frame, kind);
            case Kind.UINT, Kind.DOUBLE -> holdsNumber(frame.boxed(kind)) || holdsOther(frame, kind);
            default -> holdsOther(frame, kind);
        };
    }

    private boolean holdsOther(Frame frame, int kind) {
        return !others.isEmpty() && Values.contains(others, frame.boxed(kind));
    }

    private boolean holdsNumber(@Nullable Object number) {
        return number != null && Values.wholeNumber(number) instanceof Long whole && holdsInt(whole);
    }

    private boolean holdsInt(long value) {
        return Arrays.binarySearch(ints, value) >= 0;
    }

    private boolean holdsText(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        return holdsText(utf8, 0, utf8.length);
    }

    private boolean holdsText(byte[] bytes, int from, int to) {
        return textTable[bucket(bytes, from, to)] != EMPTY;
    }

    /** Where a text stands, or the free place where it would. */
    private int bucket(byte[] bytes, int from, int to) {
        int mask = textTable.length - 1;
        int bucket = Words.hash(bytes, from, to) & mask;
        while (textTable[bucket] != EMPTY) {
            byte[] text = texts[textTable[bucket]];
            if (Arrays.equals(text, 0, text.length, bytes, from, to)) {
                return bucket;
            }
            bucket = bucket + 1 & mask;
        }
        return bucket;
    }
}
