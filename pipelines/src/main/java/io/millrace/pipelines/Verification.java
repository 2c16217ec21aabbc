package io.millrace.pipelines;

import com.google.common.collect.Iterables;
import io.millrace.pipelines.view.Answer;
import io.millrace.pipelines.view.StoredView.Found;
import io.millrace.pipelines.view.Verdict;
import io.millrace.transforms.view.ViewRequest;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.beam.sdk.util.Sleeper;
import org.jspecify.annotations.Nullable;

/** Compares keys of a view, as the job that runs has them, with what is stored of them, and has those written again that differ. */
final class Verification {
    private static final int KEYS_OF_A_REQUEST = 1_000;
    private static final int TIMES = 3;
    private static final int MOMENT_MILLIS = 1_000;

    private final AskedView view;
    private final StoredViews stored;
    private final Terminal terminal;

    Verification(AskedView view, StoredViews stored, Terminal terminal) {
        this.view = view;
        this.stored = stored;
        this.terminal = terminal;
    }

    /** What became of keys that were to be right: how many were removed, or written again, and which still are not. */
    record Settled(long removed, long repaired, Set<String> left) {}

    /** Compares all keys that the view knows, or those with a prefix, and those that differ up to three times; gives how many there are. */
    long compareAll(@Nullable String prefix, @Nullable Double rate, Comparison to) throws IOException {
        ViewRequest all = new ViewRequest(id(), Kind.TELL, null, prefix, rate);
        long keys = view.ask(all, terminal, answer -> to.add(compared(answer)));
        lookAgain(TIMES - 1, to);
        return keys;
    }

    /** Has keys written in place of whatever is there, and compares again those that differ. */
    void repair(Set<String> keys, Comparison to) throws IOException {
        ask(keys, Kind.REPAIR, answer -> {});
        lookAgain(TIMES, to);
    }

    /**
     * Makes right what is stored of keys that may differ, in whatever way: what the view does not know is deleted, and what it has otherwise
     * written again.
     */
    Settled settle(Collection<String> keys) throws IOException {
        Comparison comparison = new Comparison(keys.size());
        long removed = 0;
        for (List<String> some : Iterables.partition(keys, KEYS_OF_A_REQUEST)) {
            removed += compareKnownAndDeleteOthers(some, comparison);
        }
        lookAgain(TIMES - 1, comparison);
        Set<String> differing =
                comparison.differing(); // those too that are about to be written: a newer one may be stored
        repair(differing, comparison);
        Set<String> left = comparison.wrong();
        return new Settled(removed, differing.size() - left.size(), left);
    }

    /**
     * What is stored is seen before the view is asked, and nothing else is deleted: what a key gets that the view comes to know
     * meanwhile stays. How many were deleted.
     */
    private long compareKnownAndDeleteOthers(List<String> keys, Comparison to) throws IOException {
        Set<String> left = new LinkedHashSet<>(keys);
        Set<String> deleted = new HashSet<>();
        for (int time = 0; time < TIMES && !left.isEmpty(); time++) {
            StoredViews.Seen seen = stored.see(left);
            ask(left, Kind.TELL, answer -> {
                to.add(compared(answer));
                answer.told().forEach(told -> left.remove(told.key()));
            });
            for (String key : List.copyOf(left)) {
                if (!seen.has(key)) {
                    left.remove(key);
                } else if (stored.delete(key, seen)) {
                    left.remove(key);
                    deleted.add(key);
                }
            }
        }
        if (!left.isEmpty()) {
            throw new IOException(
                    "key " + left.iterator().next()
                            + " must not be stored, since the view does not know it, but somebody else writes it again and again");
        }
        return deleted.size();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private List<Found> compared(Answer answer) {
        try {
            List<Found> all = answer.told().isEmpty() ? List.of() : stored.compare(answer.told());
            checkAllAreKnown(all);
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static void checkAllAreKnown(List<Found> all) throws IOException {
        for (Found found : all) {
            if (found.verdict() == Verdict.UNREAD) {
                throw new IOException("zone " + found.zone() + " of route " + found.route()
                        + " must be there to be compared, but " + found.problem());
            }
        }
    }

    private void lookAgain(int times, Comparison comparison) throws IOException {
        for (int time = 0; time < times && comparison.beyond() == 0; time++) {
            Set<String> keys = comparison.takeDiffering();
            if (!keys.isEmpty()) {
                pause();
                ask(keys, Kind.TELL, answer -> comparison.add(compared(answer)));
            }
        }
    }

    /** What has changed is written within the view's interval, and a moment. */
    private void pause() throws IOException {
        try {
            Sleeper.DEFAULT.sleep(view.view().every().toMillis() + MOMENT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before keys were looked at again");
        }
    }

    private void ask(Collection<String> keys, Kind kind, Consumer<Answer> to) throws IOException {
        for (List<String> some : Iterables.partition(List.copyOf(keys), KEYS_OF_A_REQUEST)) {
            view.ask(ViewRequest.ofKeys(id(), kind, some), terminal, to);
        }
    }
}
