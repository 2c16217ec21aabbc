package io.millrace.pipelines;

import io.millrace.pipelines.view.Answer;
import io.millrace.pipelines.view.StoredView.Found;
import io.millrace.pipelines.view.Verdict;
import io.millrace.transforms.view.ViewRequest;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares keys of a view, as the job that runs has them, with what is stored of them, and has those written again that differ. */
final class Verification {
    private static final int TIMES = 3;

    private final AskedView view;
    private final StoredViews stored;
    private final Terminal terminal;

    Verification(AskedView view, StoredViews stored, Terminal terminal) {
        this.view = view;
        this.stored = stored;
        this.terminal = terminal;
    }

    /** Compares all keys that the view knows, or those with a prefix, and those that differ up to three times; gives how many there are. */
    long compareAll(@Nullable String prefix, @Nullable Double rate, Comparison to) throws IOException {
        ViewRequest all = new ViewRequest(AskedView.id(), Kind.TELL, null, prefix, rate);
        long keys = view.ask(all, terminal, answer -> to.add(compared(answer)));
        lookAgain(TIMES - 1, to);
        return keys;
    }

    /** Has keys written in place of whatever is there, and compares again those that differ. */
    void repair(Set<String> keys, Comparison to) throws IOException {
        view.ask(keys, Kind.REPAIR, null, terminal, answer -> {});
        lookAgain(TIMES, to);
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
                throw new IOException(found.problem());
            }
        }
    }

    private void lookAgain(int times, Comparison comparison) throws IOException {
        for (int time = 0; time < times && comparison.beyond() == 0; time++) {
            Set<String> keys = comparison.takeDiffering();
            if (!keys.isEmpty()) {
                view.awaitWritten();
                view.ask(keys, Kind.TELL, null, terminal, answer -> comparison.add(compared(answer)));
            }
        }
    }
}
