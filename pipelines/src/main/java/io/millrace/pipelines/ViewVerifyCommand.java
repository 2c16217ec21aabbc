package io.millrace.pipelines;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares a view with what is stored of it. */
@Command(
        name = "verify",
        description = {
            "Compares each key as the job that runs has it with what each zone of each cache has that the view is written to:",
            "",
            "  missing   the view has the key, and the cache has not",
            "  stale     the cache has an older version",
            "  foreign   the cache has what is not of the view: another value of the same version or a newer one, or of none, or with flags of its own",
            "  orphaned  the view has removed the key, which is known for the view's retention, and the cache has it",
            "  refused   the route gives the key up, or the cache takes no such key or value: its dead letters say why",
            "",
            "What differs is looked at again, an interval of the view later, until it is right or has differed three times. What has changed"
                    + " just before each look is said to be changing, and is not wrong: it is about to be written. A cache cannot be asked"
                    + " what keys it has: one that the view has never heard of is not found.",
            "",
            "It ends with 0 if all is right, or could be repaired; 1 if not, as where a key is refused; and 2 if the spec or an option is"
                    + " wrong.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  view verify --spec=locations.yaml",
            "  view verify --spec=locations.yaml --prefix=us/ --repair",
        })
final class ViewVerifyCommand implements Callable<Integer> {
    /** How many keys that differ are looked at again. */
    private static final int MOST_AGAIN = 100_000;

    private final Terminal terminal;

    @Mixin
    private final AskedViewOptions options = new AskedViewOptions();

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            description = "Compare the keys that begin with it. Without it, all.")
    private @Nullable String prefix;

    @Option(
            names = "--rate",
            paramLabel = "KEYS",
            description = "How many keys a second at most. Without it, the view's flushRate.")
    private @Nullable Double rate;

    @Option(
            names = "--repair",
            description =
                    "Have the job write the keys that are not right again, and no others, in place of what is there.")
    private boolean repair;

    ViewVerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        Optional<AskedView> view = options.read(problems);
        if (rate != null && !(rate > 0)) {
            problems.add("--rate", "must be more than 0, but was " + rate);
        }
        problems.throwIfAny();
        Optional<StoredViews> stores = StoredViews.of(view.orElseThrow(), problems);
        problems.throwIfAny();
        try (StoredViews stored = stores.orElseThrow()) {
            return verify(view.get(), stored);
        }
    }

    private int verify(AskedView view, StoredViews stored) throws IOException {
        Verification verification = new Verification(view, stored, terminal);
        Comparison comparison = new Comparison(MOST_AGAIN);
        long keys = verification.compareAll(prefix, rate, comparison);
        terminal.out().printf("%,d keys of view %s compared%n", keys, view.name());
        comparison.print(terminal.out());
        if (comparison.beyond() > 0) {
            terminal.err()
                    .println(
                            "more keys are wrong than can be looked at one by one: view flush --all writes all of them again");
            return Commands.FAILED;
        }
        boolean isRight = comparison.wrong().isEmpty() || (repair && repaired(comparison, verification));
        if (!comparison.refused().isEmpty()) {
            terminal.err()
                    .printf(
                            "%,d keys are refused, which nothing repairs but other keys or values%n",
                            comparison.refused().size());
        }
        return isRight && comparison.refused().isEmpty() ? Commands.DONE : Commands.FAILED;
    }

    /** Has the keys that are wrong written again; whether none is wrong then. */
    private boolean repaired(Comparison comparison, Verification verification) throws IOException {
        Set<String> wrong = comparison.wrong();
        verification.repair(wrong, comparison);
        Set<String> left = comparison.wrong();
        terminal.out().printf("%,d keys repaired%n", wrong.size() - left.size());
        if (!left.isEmpty()) {
            terminal.err()
                    .printf(
                            "%,d keys are still not right, such as %s%n",
                            left.size(), left.iterator().next());
        }
        return left.isEmpty();
    }
}
