package io.millrace.transforms.view;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.shard.KeyBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.state.MapState;

/** Keys that are to be walked over, noted in pages. */
final class KeyPages {
    private static final int VERSION = 1;
    private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

    private final MapState<Long, byte[]> pages;

    KeyPages(MapState<Long, byte[]> pages) {
        this.pages = pages;
    }

    void put(long number, List<KeyBytes> keys) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(VERSION);
        try {
            for (KeyBytes key : keys) {
                BYTES.encode(key.bytes(), out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pages.put(number, out.toByteArray());
    }

    /** Takes a page out. */
    List<KeyBytes> take(long number) {
        ByteArrayInputStream in =
                new ByteArrayInputStream(requireNonNull(pages.get(number).read()));
        pages.remove(number);
        List<KeyBytes> keys = new ArrayList<>();
        try {
            Versioned.read("page of keys", VERSION, in);
            while (in.available() > 0) {
                keys.add(new KeyBytes(BYTES.decode(in)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a page of keys must be as it was written", e);
        }
        return keys;
    }
}
