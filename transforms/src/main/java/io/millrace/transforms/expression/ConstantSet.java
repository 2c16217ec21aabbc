package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The elements of a constant list, to be found by their hash: strings by their UTF-8, ints by their value, so that neither
 * needs an object to be looked up. Everything else is compared one by one.
 */
final class ConstantSet {
    /** Where an element stands that is not there, or has no place of its own. */
    static final int NONE = -1;

    private final List<Object> elements;
    private final byte[][] texts;
    private final int[] textTable;
    private final long[] ints;
    private final List<Object> others;

    ConstantSet(List<?> elements) {
        this.elements = List.copyOf(elements);
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
        Arrays.fill(textTable, NONE);
        for (int i = 0; i < texts.length; i++) {
            textTable[bucket(texts[i], 0, texts[i].length)] = i;
        }
        ints = whole.stream().mapToLong(Long::longValue).sorted().distinct().toArray();
        others = List.copyOf(rest);
    }

    /** These and others. */
    ConstantSet and(ConstantSet others) {
        List<Object> all = new ArrayList<>(elements);
        all.addAll(others.elements);
        return new ConstantSet(all);
    }

    /** The elements, as they were given. */
    List<Object> elements() {
        return elements;
    }

    /** Whether each element has a place, {@link #placeOf}. */
    boolean hasPlaces() {
        return others.isEmpty();
    }

    /** How many places there are: they are the numbers below. */
    int places() {
        return texts.length + ints.length;
    }

    boolean contains(Frame frame, int kind) {
        return placeOf(frame, kind) != NONE || !others.isEmpty() && Values.contains(others, frame.boxed(kind));
    }

    /** The place of the element that the value in the registers equals; {@link #NONE} if there is none, or it has no place. */
    int placeOf(Frame frame, int kind) {
        return switch (kind) {
            case Kind.TEXT -> placeOf(frame.bytes, frame.from, frame.to);
            case Kind.STRING -> placeOf((String) frame.object);
            case Kind.INT -> placeOf(frame.number);
            case Kind.UINT, Kind.DOUBLE -> placeOfNumber(frame.boxed(kind));
            default -> NONE;
        };
    }

    private int placeOfNumber(Object number) {
        return Values.wholeNumber(number) instanceof Long whole ? placeOf(whole) : NONE;
    }

    private int placeOf(long value) {
        int place = Arrays.binarySearch(ints, value);
        return place < 0 ? NONE : texts.length + place;
    }

    private int placeOf(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        return placeOf(utf8, 0, utf8.length);
    }

    private int placeOf(byte[] bytes, int from, int to) {
        return textTable[bucket(bytes, from, to)];
    }

    /** Where a text stands, or the free place where it would. */
    private int bucket(byte[] bytes, int from, int to) {
        int mask = textTable.length - 1;
        int bucket = Words.hash(bytes, from, to) & mask;
        while (textTable[bucket] != NONE) {
            byte[] text = texts[textTable[bucket]];
            if (Arrays.equals(text, 0, text.length, bytes, from, to)) {
                return bucket;
            }
            bucket = bucket + 1 & mask;
        }
        return bucket;
    }
}
