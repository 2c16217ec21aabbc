package io.millrace.transforms.joiner;

import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;

/**
 * What is kept of a key: the entries that came last, and what must be known of all to take in one more.
 *
 * @param base what times are written as a distance from
 * @param leaveHold the earliest time of a right one that waits; {@link Bounds#NEVER} where none does
 * @param leaveAt when it is looked whether that one is complete
 * @param forgetAt when it is looked next for left ones that are past; {@link Bounds#NEVER} where that is not so
 * @param settledTo how far time had passed when all was looked through
 * @param lefts how many entries are of the left input
 * @param rights how many are of the right one
 * @param earlierPages how many pages there were before it
 * @param earlierBytes how many bytes of entries are on those
 * @param settleFrom with how many entries all is looked through
 * @param entries the ones that came last
 */
record Page(
        long base,
        long leaveHold,
        long leaveAt,
        long forgetAt,
        long settledTo,
        int lefts,
        int rights,
        int earlierPages,
        int earlierBytes,
        int settleFrom,
        Entries entries) {

    static final Coder<Page> CODER = new PageCoder();

    /** How many bytes of entries it has before they become an earlier page. */
    static final int FULL_BYTES = 4096;

    /** From how many entries on it can be worth to look them through. */
    static final int FEW = 64;

    static final long UNSETTLED = Long.MIN_VALUE;

    /** The page of a key of which nothing is kept. */
    static Page empty(long base) {
        return new Page(base, Bounds.NEVER, Bounds.NEVER, Bounds.NEVER, UNSETTLED, 0, 0, 0, 0, FEW, Entries.NONE);
    }

    int count() {
        return lefts + rights;
    }

    int bytes() {
        return earlierBytes + entries.size();
    }

    Page with(Entry entry) {
        boolean left = entry.side() == Side.LEFT;
        return new Page(
                base,
                leaveHold,
                leaveAt,
                forgetAt,
                settledTo,
                lefts + (left ? 1 : 0),
                rights + (left ? 0 : 1),
                earlierPages,
                earlierBytes,
                settleFrom,
                entries.with(entry, base));
    }

    /** The next page, this one's entries being on an earlier one. */
    Page turned() {
        return new Page(
                base,
                leaveHold,
                leaveAt,
                forgetAt,
                settledTo,
                lefts,
                rights,
                earlierPages + 1,
                bytes(),
                settleFrom,
                Entries.NONE);
    }

    /** The same, with the earliest right one that waits, and when it is looked for. */
    Page withLeave(long hold, long at) {
        return new Page(
                base, hold, at, forgetAt, settledTo, lefts, rights, earlierPages, earlierBytes, settleFrom, entries);
    }

    Page withForgetAt(long time) {
        return new Page(
                base,
                leaveHold,
                leaveAt,
                time,
                settledTo,
                lefts,
                rights,
                earlierPages,
                earlierBytes,
                settleFrom,
                entries);
    }

    /** Whether something was due with this watermark. */
    boolean isDue(long watermark) {
        return leaveAt <= watermark || forgetAt <= watermark;
    }

    /** The same, waiting no more for what was due with this watermark. */
    Page withoutWhatIsDue(long watermark) {
        Page page = leaveAt <= watermark ? withLeave(Bounds.NEVER, Bounds.NEVER) : this;
        return forgetAt <= watermark ? page.withForgetAt(Bounds.NEVER) : page;
    }

    /** The page to write what is left on, after all was looked through. */
    Page settled(long horizon) {
        return new Page(
                base,
                leaveHold,
                leaveAt,
                forgetAt,
                Math.max(Math.min(horizon, Bounds.LATEST), settledTo),
                0,
                0,
                0,
                0,
                settleFrom,
                Entries.NONE);
    }

    /** The same, looked through again when there are twice as many entries. */
    Page settledAgainLater() {
        return new Page(
                base,
                leaveHold,
                leaveAt,
                forgetAt,
                settledTo,
                lefts,
                rights,
                earlierPages,
                earlierBytes,
                Math.max(FEW, 2 * count()),
                entries);
    }

    private static final class PageCoder extends AtomicCoder<Page> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;
        private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

        @Override
        public void encode(Page page, OutputStream out) throws IOException {
            out.write(VERSION);
            VarInt.encode(ZigZag.encode(page.base), out);
            EncodedTime.write(page.leaveHold, Bounds.NEVER, page.base, out);
            EncodedTime.write(page.leaveAt, Bounds.NEVER, page.base, out);
            EncodedTime.write(page.forgetAt, Bounds.NEVER, page.base, out);
            EncodedTime.write(page.settledTo, UNSETTLED, page.base, out);
            VarInt.encode(page.lefts, out);
            VarInt.encode(page.rights, out);
            VarInt.encode(page.earlierPages, out);
            VarInt.encode(page.earlierBytes, out);
            VarInt.encode(page.settleFrom, out);
            BYTES.encode(page.entries.bytes(), out);
        }

        @Override
        public Page decode(InputStream in) throws IOException {
            Versioned.read("page", VERSION, in);
            long base = ZigZag.decode(VarInt.decodeLong(in));
            long leaveHold = EncodedTime.read(Bounds.NEVER, base, in);
            long leaveAt = EncodedTime.read(Bounds.NEVER, base, in);
            long forgetAt = EncodedTime.read(Bounds.NEVER, base, in);
            long settledTo = EncodedTime.read(UNSETTLED, base, in);
            int lefts = VarInt.decodeInt(in);
            int rights = VarInt.decodeInt(in);
            int earlierPages = VarInt.decodeInt(in);
            int earlierBytes = VarInt.decodeInt(in);
            int settleFrom = VarInt.decodeInt(in);
            Entries entries = new Entries(BYTES.decode(in));
            return new Page(
                    base,
                    leaveHold,
                    leaveAt,
                    forgetAt,
                    settledTo,
                    lefts,
                    rights,
                    earlierPages,
                    earlierBytes,
                    settleFrom,
                    entries);
        }
    }
}
