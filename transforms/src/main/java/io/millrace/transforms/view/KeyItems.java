package io.millrace.transforms.view;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.shard.ZigZag;
import io.millrace.transforms.view.Standing.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.util.VarInt;

/**
 * All that is known of a key: its items, and what was said of it last. What counts is decided by versions alone, so the order in which
 * events and publishes come makes no difference to the items that are there.
 *
 * <p>An entry of a full publish is put beside what is known, and counts when that publish is complete: until then a reader sees the key as it
 * was, with the events since, and then as it is by both, but never half of a publish.
 */
final class KeyItems {
    private static final int VERSION = 1;
    private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

    private static final int WAITS = 1;
    private static final int KIND_MASK = 3;
    private static final int WITH_STANDING = 4;
    private static final int WITH_GENERATION = 8;
    private static final int WITH_PUBLISHED = 16;

    private final List<Item> items = new ArrayList<>();
    private boolean waits;
    private long version = Long.MIN_VALUE;
    private long toldVersion = Long.MIN_VALUE;
    /** Whether it has become another one since it was told last, or was read. */
    private boolean isOther;

    private KeyItems() {}

    /** What became of a change. */
    enum Outcome {
        /** The key is another one now. */
        CHANGED,
        /** The item was the same already, if of an older version. */
        SAME,
        /** Something newer was known. */
        OUTDATED,
        /** The key would have become too large. */
        OVER_LIMIT
    }

    /** How much is kept of a key at most. */
    record Limits(int items, int bytes) implements Serializable {}

    static KeyItems none() {
        return new KeyItems();
    }

    /** Whether nothing has to be kept. */
    boolean isEmpty() {
        return items.isEmpty() && !waits;
    }

    /** Whether it is to be told when the interval ends. */
    boolean waits() {
        return waits;
    }

    void setWaits() {
        waits = true;
    }

    /** The highest version of all that was known. */
    long version() {
        return version;
    }

    /**
     * An event changes an item.
     *
     * @param complete the version of the last full publish that is complete, which says of all that it did not have that it was not there
     */
    Outcome change(byte[] name, Standing change, long complete, Limits limits) {
        int at = find(name);
        Item item = at < 0 ? null : items.get(at);
        Standing before = item == null ? null : item.standing();
        if (change.version() < complete && (before == null || before.version() < complete)) {
            return Outcome.OUTDATED;
        }
        if (before != null && !change.outranks(before)) {
            return Outcome.OUTDATED;
        }
        if (change.value() != null && isFull(at, change.value(), limits)) {
            return Outcome.OVER_LIMIT;
        }
        put(at, item == null ? new Item(name, change) : item.keepingPublished().with(change));
        forgetBeyond(limits);
        version = Math.max(version, change.version());
        if (before != null && change.isLike(before)) {
            return Outcome.SAME;
        }
        isOther = true;
        return Outcome.CHANGED;
    }

    private boolean isFull(int at, byte[] value, Limits limits) {
        long bytes = value.length;
        int others = 0;
        for (int other = 0; other < items.size(); other++) {
            Standing standing = items.get(other).standing();
            if (other != at && standing != null && standing.value() != null) {
                others++;
                bytes += standing.value().length;
            }
        }
        return others >= limits.items() || bytes > limits.bytes();
    }

    /** Of items that are not there as many are remembered as can be there, those of the highest versions. */
    private void forgetBeyond(Limits limits) {
        if (items.size() <= 2 * limits.items()) {
            return;
        }
        items.stream()
                .filter(item -> item.isRemoved() && item.generation() == 0)
                .min(Comparator.comparingLong(
                        item -> requireNonNull(item.standing()).version()))
                .ifPresent(items::remove);
    }

    /** An entry of a publish that is not complete; false if the key would become too large by it. */
    boolean publish(byte[] name, byte[] value, long generation, Limits limits) {
        int at = find(name);
        Item before = at < 0 ? null : items.get(at);
        if (before != null && before.generation() == generation && !isGreater(value, before)) {
            return true;
        }
        Standing standing = before == null ? null : before.standing();
        boolean isKnown = before != null && Arrays.equals(value, before.value());
        if (!isKnown && isFullOfPublished(at, generation, value, limits)) {
            return false;
        }
        put(at, new Item(name, standing, generation, isKnown ? null : value));
        return true;
    }

    /** Of several entries for one item the one counts whose bytes are the greatest. */
    private static boolean isGreater(byte[] value, Item before) {
        return Arrays.compareUnsigned(value, before.keepingPublished().published()) > 0;
    }

    private boolean isFullOfPublished(int at, long generation, byte[] value, Limits limits) {
        long bytes = value.length;
        int others = 0;
        for (int other = 0; other < items.size(); other++) {
            Item item = items.get(other);
            if (other != at && item.generation() == generation) {
                others++;
                bytes += requireNonNull(item.keepingPublished().published()).length;
            }
        }
        return others >= limits.items() || bytes > limits.bytes();
    }

    /**
     * A publish is complete: what it had counts since its version. Whether the key is another one now.
     *
     * @param hasAll whether what it had not is not there since its version; else nothing is known of that
     */
    boolean complete(long generation, long ofPublish, boolean hasAll, long nowMillis) {
        Standing absent = hasAll ? Standing.absent(ofPublish, nowMillis) : null;
        boolean changed = false;
        for (int at = 0; at < items.size(); at++) {
            Item item = items.get(at);
            Standing before = item.standing();
            Standing after = item.generation() == generation
                    ? item.published(ofPublish)
                    : before == null || !before.isThere() ? null : absent;
            if (after != null && (before == null || after.outranks(before))) {
                version = Math.max(version, after.version());
                changed |= before == null || !after.isLike(before);
            } else {
                after = before;
            }
            items.set(at, item.generation() > generation ? item.with(after) : new Item(item.name(), after));
        }
        items.removeIf(item -> item.standing() == null && item.generation() <= generation);
        isOther |= changed;
        return changed;
    }

    /** Forgets items that are not there any more, since a time or longer. */
    void forget(long sinceMillis) {
        items.removeIf(item -> item.isRemoved()
                && item.generation() == 0
                && requireNonNull(item.standing()).sinceMillis() <= sinceMillis);
    }

    /** Whether it is known of an item that it is not there any more. */
    boolean hasRemoved() {
        return items.stream().anyMatch(Item::isRemoved);
    }

    /** Whether there is anything to tell: items, or that there are none any more. */
    boolean isKnown() {
        return items.stream().anyMatch(item -> item.standing() != null);
    }

    /** What the items are that are there, in the order of their names. */
    List<byte[]> values() {
        List<byte[]> values = new ArrayList<>();
        for (Item item : items) {
            byte[] value = item.value();
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    /** It is told as it is now. */
    void tell() {
        waits = false;
        isOther = false;
        toldVersion = version;
    }

    /** The version with which it is told: that of the last time, as long as it is the same. */
    long versionToTell() {
        return waits || isOther ? version : toldVersion;
    }

    /** Where an item is, or else, less than 0, where it is not yet. */
    private int find(byte[] name) {
        int low = 0;
        int high = items.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Arrays.compareUnsigned(items.get(middle).name(), name);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -(low + 1);
    }

    private void put(int found, Item item) {
        if (found < 0) {
            items.add(-(found + 1), item);
        } else {
            items.set(found, item);
        }
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        try {
            out.write(VERSION);
            out.write(waits ? WAITS : 0);
            VarInt.encode(ZigZag.encode(version), out);
            if (!waits) {
                VarInt.encode(ZigZag.encode(version - toldVersion), out);
            }
            for (Item item : items) {
                write(item, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private void write(Item item, OutputStream out) throws IOException {
        Standing standing = item.standing();
        out.write((standing == null ? 0 : WITH_STANDING | standing.kind().ordinal())
                | (item.generation() == 0 ? 0 : WITH_GENERATION)
                | (item.published() == null ? 0 : WITH_PUBLISHED));
        BYTES.encode(item.name(), out);
        if (standing != null) {
            VarInt.encode(ZigZag.encode(version - standing.version()), out);
            if (standing.value() == null) {
                VarInt.encode(standing.sinceMillis(), out);
            } else {
                BYTES.encode(standing.value(), out);
            }
        }
        if (item.generation() != 0) {
            VarInt.encode(item.generation(), out);
        }
        if (item.published() != null) {
            BYTES.encode(item.published(), out);
        }
    }

    /** Reads what {@link #bytes()} gives. */
    static KeyItems of(byte[] bytes) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        KeyItems read = new KeyItems();
        try {
            Versioned.read("items", VERSION, in);
            int flags = in.read();
            read.waits = (flags & WAITS) != 0;
            read.version = ZigZag.decode(VarInt.decodeLong(in));
            if (!read.waits) {
                read.toldVersion = read.version - ZigZag.decode(VarInt.decodeLong(in));
            }
            while (in.available() > 0) {
                read.items.add(read(read.version, in));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the items of a key must be as they were written", e);
        }
        return read;
    }

    private static Item read(long version, InputStream in) throws IOException {
        int flags = in.read();
        byte[] name = BYTES.decode(in);
        Standing standing = null;
        if ((flags & WITH_STANDING) != 0) {
            long since = version - ZigZag.decode(VarInt.decodeLong(in));
            Kind kind = Kind.values()[flags & KIND_MASK];
            standing = kind == Kind.ADDED || kind == Kind.PUBLISHED
                    ? new Standing(since, kind, BYTES.decode(in), 0)
                    : new Standing(since, kind, null, VarInt.decodeLong(in));
        }
        long generation = (flags & WITH_GENERATION) == 0 ? 0 : VarInt.decodeLong(in);
        byte[] published = (flags & WITH_PUBLISHED) == 0 ? null : BYTES.decode(in);
        return new Item(name, standing, generation, published);
    }
}
