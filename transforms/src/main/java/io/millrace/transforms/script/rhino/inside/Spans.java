package io.millrace.transforms.script.rhino.inside;

import java.util.Arrays;

/** Places in a document, each from its first byte to behind its last. */
final class Spans {
    private int[] bounds = new int[32];
    private int size;

    void add(int start, int end) {
        if (size == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * size);
        }
        bounds[size] = start;
        bounds[size + 1] = end;
        size += 2;
    }

    int count() {
        return size / 2;
    }

    int start(int place) {
        return bounds[2 * place];
    }

    int end(int place) {
        return bounds[2 * place + 1];
    }
}
