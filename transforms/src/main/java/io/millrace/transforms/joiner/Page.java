package io.millrace.transforms.joiner;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.shard.ZigZag;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.beam.sdk.util.VarInt;

/**
 * What is kept of a key: the entries that came last, and what must be known of all to take in one more. It is kept as bytes, the numbers
 * before the entries, and is read and written once for a batch.
 */
final class Page {
    /** How many bytes of entries it has before they become an earlier page. */
    static final int FULL_BYTES = 4096;

    /** From how many entries on it can be worth to look them through. */
    static final int FEW = 64;

    static final long UNSETTLED = Long.MIN_VALUE;

    private static final int VERSION = 1;

    private final long base;
    private long leaveHold = Bounds.NEVER;
    private long leaveAt = Bounds.NEVER;
    private long forgetAt = Bounds.NEVER;
    private long settledTo = UNSETTLED;
    private int lefts;
    private int rights;
    private int earlierPages;
    private int earlierBytes;
    private int settleFrom = FEW;
    private Entries before = Entries.NONE;
    private final ByteArrayOutputStream added = new ByteArrayOutputStream(64);

    private Page(long base) {
        this.base = base;
    }

    /** The page of a key of which nothing is kept; times are written as a distance from the base. */
    static Page empty(long base) {
        return new Page(base);
    }

    /** Reads what {@link #bytes()} gives. */
    static Page of(byte[] bytes) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        try {
            Versioned.read("page", VERSION, in);
            Page page = new Page(ZigZag.decode(VarInt.decodeLong(in)));
            page.readNumbers(in);
            page.before = new Entries(bytes, bytes.length - in.available());
            return page;
        } catch (IOException e) {
            throw new UncheckedIOException("a page of a join must be as it was written", e);
        }
    }

    private void readNumbers(InputStream in) throws IOException {
        leaveHold = EncodedTime.read(Bounds.NEVER, base, in);
        leaveAt = EncodedTime.read(Bounds.NEVER, base, in);
        forgetAt = EncodedTime.read(Bounds.NEVER, base, in);
        settledTo = EncodedTime.read(UNSETTLED, base, in);
        lefts = VarInt.decodeInt(in);
        rights = VarInt.decodeInt(in);
        earlierPages = VarInt.decodeInt(in);
        earlierBytes = VarInt.decodeInt(in);
        settleFrom = VarInt.decodeInt(in);
    }

    byte[] bytes() {
        ByteArrayOutputStream numbers = new ByteArrayOutputStream(64);
        try {
            writeNumbers(numbers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.allocate(numbers.size() + size())
                .put(numbers.toByteArray())
                .put(before.buffer())
                .put(added.toByteArray())
                .array();
    }

    private void writeNumbers(OutputStream out) throws IOException {
        out.write(VERSION);
        VarInt.encode(ZigZag.encode(base), out);
        EncodedTime.write(leaveHold, Bounds.NEVER, base, out);
        EncodedTime.write(leaveAt, Bounds.NEVER, base, out);
        EncodedTime.write(forgetAt, Bounds.NEVER, base, out);
        EncodedTime.write(settledTo, UNSETTLED, base, out);
        VarInt.encode(lefts, out);
        VarInt.encode(rights, out);
        VarInt.encode(earlierPages, out);
        VarInt.encode(earlierBytes, out);
        VarInt.encode(settleFrom, out);
    }

    long base() {
        return base;
    }

    /** The earliest time of a right one that waits; {@link Bounds#NEVER} where none does. */
    long leaveHold() {
        return leaveHold;
    }

    /** When it is looked next for left ones that are past; {@link Bounds#NEVER} where that is not so. */
    long forgetAt() {
        return forgetAt;
    }

    /** How far time had passed when all was looked through. */
    long settledTo() {
        return settledTo;
    }

    int lefts() {
        return lefts;
    }

    int rights() {
        return rights;
    }

    int count() {
        return lefts + rights;
    }

    /** With how many entries all is looked through. */
    int settleFrom() {
        return settleFrom;
    }

    /** How many pages there were before it. */
    int earlierPages() {
        return earlierPages;
    }

    /** How large its own entries are. */
    int size() {
        return before.size() + added.size();
    }

    /** How large all entries are. */
    int allBytes() {
        return earlierBytes + size();
    }

    /** Its own entries. */
    Entries entries() {
        return added.size() == 0 ? before : before.and(added.toByteArray());
    }

    void add(Entry entry) {
        Entries.write(entry, base, added);
        if (entry.side() == Side.LEFT) {
            lefts++;
        } else {
            rights++;
        }
    }

    /** Becomes the next page, its entries being on an earlier one. */
    void turn() {
        earlierBytes = allBytes();
        earlierPages++;
        clearEntries();
    }

    private void clearEntries() {
        before = Entries.NONE;
        added.reset();
    }

    /** The earliest right one waits from now on, and is looked for then. */
    void leave(long hold, long at) {
        leaveHold = hold;
        leaveAt = at;
    }

    void forget(long at) {
        forgetAt = at;
    }

    /** Whether something was due with this watermark; it is waited for no more. */
    boolean takeDue(long watermark) {
        boolean leaves = leaveAt <= watermark;
        boolean forgets = forgetAt <= watermark;
        if (leaves) {
            leave(Bounds.NEVER, Bounds.NEVER);
        }
        if (forgets) {
            forget(Bounds.NEVER);
        }
        return leaves || forgets;
    }

    /** Becomes the page to write on what is left, after all was looked through. */
    void settle(long horizon) {
        settledTo = Math.max(Math.min(horizon, Bounds.LATEST), settledTo);
        lefts = 0;
        rights = 0;
        earlierPages = 0;
        earlierBytes = 0;
        clearEntries();
    }

    /** All is looked through again when there are twice as many entries. */
    void settleAgainLater() {
        settleFrom = Math.max(FEW, 2 * count());
    }
}
