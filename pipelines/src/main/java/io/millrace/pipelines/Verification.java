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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Who is told and writes nothing need not go at the rate at which stores are written. */
    private static final double TOLD_PER_SECOND = 100_000;

    private final AskedView view;
    private final StoredViews stored;
    private final Terminal terminal;

    Verification(AskedView view, StoredViews stored, Terminal terminal) {
        this.view = view;
        this.stored = stored;
        this.terminal = terminal;
    }

    /** What became of keys that were to be right: how many were deleted, and how many written again; which could not be made right, and which are given up by a route or the store. */
    record Settled(Set<String> deleted, Set<String> repaired, Set<String> left, Set<String> refused) {}

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
     * Makes right what is stored of keys that may differ, in whatever way: what the view has otherwise is written again, and what it does not know is deleted.
     *
     * @param deletes whether that is so; otherwise it stays
     */
    Settled settle(Collection<String> keys, boolean deletes) throws IOException {
        Settled settled = new Settled(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
        Set<String> look = new LinkedHashSet<>(keys);
        for (int time = 0; time < TIMES && !look.isEmpty(); time++) {
            if (time > 0) {
                pause();
            }
            settled.left().clear();
            Set<String> again = new LinkedHashSet<>();
            for (List<String> some : Iterables.partition(look, KEYS_OF_A_REQUEST)) {
                again.addAll(settleOnce(some, deletes, settled));
            }
            look = again;
        }
        settled.repaired().removeAll(settled.left());
        return settled;
    }

    /**
     * What is stored is seen before the view is asked, and nothing else is deleted: what a key gets that the view comes to know meanwhile stays. Gives the keys that are to be looked at once more:
     * those that were written again, and those that were deleted, of which a writer may have found the old value newer than its own just before.
     */
    private Set<String> settleOnce(List<String> keys, boolean deletes, Settled settled) throws IOException {
        StoredViews.Seen seen = stored.see(keys);
        Map<String, Answer.Told> told = new HashMap<>();
        ViewRequest request = new ViewRequest(id(), Kind.TELL, keys, null, TOLD_PER_SECOND);
        view.ask(request, terminal, answer -> answer.told().forEach(one -> told.put(one.key(), one)));
        Set<String> again = new LinkedHashSet<>();
        for (String key : keys) {
            if (!told.containsKey(key) && seen.has(key) && deletes) {
                again.add(key);
                if (stored.delete(key, seen)) {
                    settled.deleted().add(key);
                }
            }
        }
        Set<String> wrong = new LinkedHashSet<>();
        for (Found found : stored.compare(told.values())) {
            switch (found.verdict()) {
                case UNREAD -> throw new IOException(unread(found));
                case REFUSED -> refused(found, told).ifPresent(settled.refused()::add);
                case MISSING, STALE, FOREIGN, ORPHANED -> wrong.add(found.key());
                case RIGHT -> {}
            }
        }
        told.values().stream()
                .filter(one -> one.isTooLarge() && !settled.repaired().contains(one.key()))
                .forEach(one -> wrong.add(one.key())); // what is too large to be told may be stored all the same
        if (!wrong.isEmpty()) {
            ask(wrong, Kind.REPAIR, answer -> {});
        }
        settled.repaired().addAll(wrong);
        settled.left().addAll(wrong);
        again.addAll(wrong);
        return again;
    }

    /** What is too large to be told is not known to be refused. */
    private static Optional<String> refused(Found found, Map<String, Answer.Told> told) {
        Answer.Told of = told.get(found.key());
        return Optional.of(found.key()).filter(key -> of == null || !of.isTooLarge());
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
                throw new IOException(unread(found));
            }
        }
    }

    private static String unread(Found found) {
        return "zone " + found.zone() + " of route " + found.route() + " must be there to be compared, but "
                + found.problem();
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
