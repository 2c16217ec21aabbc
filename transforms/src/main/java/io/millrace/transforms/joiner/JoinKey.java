package io.millrace.transforms.joiner;

import com.google.common.math.LongMath;
import io.millrace.transforms.joiner.Refused.Reason;
import io.millrace.transforms.shard.KeyBytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what came of a key, and has {@link Pairing} decide when there is something to decide.
 *
 * <p>An element that comes is written behind the others, on a page; full pages are put aside, and not read for it. All of them are
 * looked through when time has completed a right element, when left ones are past, on a match where results leave with it, where
 * there are twice as many as the time before, and, each 64th of the bounds, where a key is at its limit.
 */
final class JoinKey<LeftT, RightT> {
    private final Rules<LeftT, RightT> rules;
    private final Bounds bounds;
    private final Pairing<LeftT, RightT> pairing;
    private final int pageBytes;

    /** A join whose pages are full with so many bytes. */
    JoinKey(Rules<LeftT, RightT> rules, Pairing<LeftT, RightT> pairing, int pageBytes) {
        this.rules = rules;
        this.bounds = rules.bounds();
        this.pairing = pairing;
        this.pageBytes = pageBytes;
    }

    /**
     * A key, and where it is kept.
     *
     * @param key the key
     * @param shelf the pages of its shard
     * @param agenda says when it is to be looked through
     * @param watermark how far it is, in epoch milliseconds
     */
    record KeyState(KeyBytes key, Shelf shelf, Agenda agenda, long watermark) {}

    /** Takes an element in, or says why not. */
    @Nullable Reason take(Entry entry, KeyState kept, Pairing.Outcome<LeftT, RightT> outcome) {
        long horizon = bounds.horizon(kept.watermark());
        Page page = kept.shelf().page(kept.key());
        if (page == null) {
            page = Page.empty(entry.time());
        }
        if (entry.time() < Math.max(horizon, page.settledTo())) {
            return Reason.LATE;
        }
        makeRoom(page, entry, horizon, kept, outcome);
        if (isOver(page, entry)) {
            return Reason.OVER_LIMIT;
        }
        page.add(entry);
        await(entry, page, kept);
        if (rules.emitsOnMatch() && page.lefts() > 0 && page.rights() > 0) {
            settle(page, kept, outcome);
        }
        write(page, kept);
        return null;
    }

    /** Looks all through where there is much of it. A key at its limit is not looked through with each step of the watermark. */
    private void makeRoom(Page page, Entry entry, long horizon, KeyState kept, Pairing.Outcome<LeftT, RightT> outcome) {
        boolean isMuch = page.count() >= page.settleFrom() && page.settledTo() < horizon;
        boolean isTooMuch =
                isOver(page, entry) && LongMath.saturatedSubtract(horizon, page.settledTo()) > bounds.shortSpan();
        if (isMuch || isTooMuch) {
            settle(page, kept, outcome);
            write(page, kept);
        }
    }

    private boolean isOver(Page page, Entry entry) {
        return page.count() >= rules.limits().entries()
                || (long) page.allBytes() + entry.content().length
                        > rules.limits().bytes();
    }

    /** Sees to it that an element's time comes. */
    private void await(Entry entry, Page page, KeyState kept) {
        if (entry.side() == Side.RIGHT) {
            leaveFor(entry.time(), page, kept);
        } else {
            forgetBy(bounds.forgottenAt(entry.time()), page, kept);
        }
    }

    private void leaveFor(long time, Page page, KeyState kept) {
        if (time < page.leaveHold()) {
            long at = bounds.completeAt(time);
            kept.agenda().add(new Due(at, time, kept.key()));
            page.leave(time, at);
        }
    }

    /** Where left ones are not given out it is enough to look some time, and so where that is set it stays. */
    private void forgetBy(long deadline, Page page, KeyState kept) {
        boolean isSoonEnough = rules.type().keepsLeft() ? page.forgetAt() <= deadline : page.forgetAt() < Bounds.NEVER;
        if (!isSoonEnough) {
            kept.agenda().add(new Due(deadline, Bounds.NEVER, kept.key()));
            page.forget(deadline);
        }
    }

    /** Time has come to look the key through: a right element may be complete, or left ones past; or neither, where that was seen to already. */
    void lookThrough(KeyState kept, Pairing.Outcome<LeftT, RightT> outcome) {
        Page page = kept.shelf().page(kept.key());
        if (page != null && page.takeDue(kept.watermark())) {
            settle(page, kept, outcome);
            write(page, kept);
        }
    }

    /** Looks all through, and writes what is left on the page anew. */
    private void settle(Page page, KeyState kept, Pairing.Outcome<LeftT, RightT> outcome) {
        long horizon = bounds.horizon(kept.watermark());
        Pairing.Rest rest = rest(page, kept, horizon, outcome);
        kept.shelf().clearEarlier(kept.key(), page);
        page.settle(horizon);
        addAll(rest.lefts(), page, kept);
        addAll(rest.rights(), page, kept);
        page.settleAgainLater();
        awaitNext(page, rest, kept);
    }

    private void addAll(List<Entry> entries, Page page, KeyState kept) {
        for (Entry entry : entries) {
            page.add(entry);
            turnIfFull(page, kept);
        }
    }

    private Pairing.Rest rest(Page page, KeyState kept, long horizon, Pairing.Outcome<LeftT, RightT> outcome) {
        List<Entry> lefts = new ArrayList<>(page.lefts());
        List<Entry> rights = new ArrayList<>(page.rights());
        kept.shelf().earlier(kept.key(), page).forEach(entries -> entries.collect(page.base(), lefts, rights));
        page.entries().collect(page.base(), lefts, rights);
        return pairing.settle(lefts, rights, horizon, outcome);
    }

    private void awaitNext(Page page, Pairing.Rest rest, KeyState kept) {
        if (!rest.rights().isEmpty()) {
            leaveFor(rest.rights().get(0).time(), page, kept);
        }
        long deadline = nextForget(rest.lefts(), kept.watermark());
        if (deadline != Bounds.NEVER) {
            forgetBy(deadline, page, kept);
        }
    }

    /**
     * When it is to be looked again for left elements that are past: with the first of those that are given out then, else with the
     * last. Those that are past already wait for a right one, and leave with it.
     */
    private long nextForget(List<Entry> lefts, long watermark) {
        long last = Bounds.NEVER;
        for (Entry entry : lefts) {
            long at = bounds.forgottenAt(entry.time());
            if (at > watermark) {
                if (rules.type().keepsLeft() && !entry.credited()) {
                    return at;
                }
                last = at;
            }
        }
        return last;
    }

    private void turnIfFull(Page page, KeyState kept) {
        if (page.size() >= pageBytes) {
            kept.shelf().addEarlier(kept.key(), page);
            page.turn();
        }
    }

    private void write(Page page, KeyState kept) {
        if (page.count() == 0) {
            kept.shelf().remove(kept.key());
        } else {
            turnIfFull(page, kept);
            kept.shelf().put(kept.key(), page);
        }
    }
}
