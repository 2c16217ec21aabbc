package io.millrace.pipelines;

import com.google.common.collect.Iterables;
import io.millrace.pipelines.view.Answer;
import io.millrace.pipelines.view.StoredView.Found;
import io.millrace.pipelines.view.Verdict;
import io.millrace.transforms.view.ViewRequest;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares a view with what is stored of it. */
@Command(
        name = "verify",
        description = {
            "Compares what the job that runs has told last of each key with what each zone of each cache has that the view is written to:",
            "",
            "  missing   the view has the key, and the cache has not",
            "  stale     the cache has an older version",
            "  foreign   the cache has what the view has not told: another value of the same version or a newer one, or none that is of a view",
            "  orphaned  the view has removed the key, which is known for the view's retention, and the cache has it",
            "",
            "What differs is looked at again until it is right or has differed three times, since keys change meanwhile. A cache cannot be asked"
                    + " what keys it has: one that the view has never heard of is not found.",
            "",
            "It ends with 0 if all is right, or could be repaired; 1 if not; and 2 if the spec or an option is wrong.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  view verify --spec=locations.yaml",
            "  view verify --spec=locations.yaml --prefix=us/ --repair",
        })
final class ViewVerifyCommand implements Callable<Integer> {
    /** How many keys that differ are looked at again. */
    private static final int MOST_AGAIN = 100_000;

    private static final int KEYS_OF_A_REQUEST = 1_000;
    private static final int TIMES = 3;
    private static final int SHOWN = 10;

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
        ViewRequest all = new ViewRequest(id(), Kind.TELL, null, prefix, rate);
        Tally first = new Tally();
        long keys = view.ask(all, terminal, answer -> first.add(compared(answer, stored)));
        Map<String, List<Found>> wrong = first.wrong;
        for (int time = 1; time < TIMES && !wrong.isEmpty() && first.beyond == 0; time++) {
            wrong = again(wrong.keySet(), view, stored);
        }
        terminal.out().printf("%,d keys of view %s compared%n", keys, view.name());
        report(wrong, first.beyond);
        if (wrong.isEmpty()) {
            return Commands.DONE;
        }
        if (first.beyond > 0) {
            terminal.err()
                    .println(
                            "more keys are wrong than can be looked at one by one: view flush --all writes all of them again");
            return Commands.FAILED;
        }
        return repair ? repaired(wrong.keySet(), view, stored) : Commands.FAILED;
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private static List<Found> compared(Answer answer, StoredViews stored) {
        try {
            return answer.told().isEmpty() ? List.of() : stored.compare(answer.told());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, List<Found>> again(Collection<String> keys, AskedView view, StoredViews stored)
            throws IOException {
        Tally tally = new Tally();
        ask(keys, Kind.TELL, view, answer -> tally.add(compared(answer, stored)));
        return tally.wrong;
    }

    private void ask(Collection<String> keys, Kind kind, AskedView view, Consumer<Answer> to) throws IOException {
        for (List<String> some : Iterables.partition(List.copyOf(keys), KEYS_OF_A_REQUEST)) {
            view.ask(ViewRequest.ofKeys(id(), kind, some), terminal, to);
        }
    }

    private int repaired(Set<String> keys, AskedView view, StoredViews stored) throws IOException {
        Set<String> left = new LinkedHashSet<>(keys);
        ask(keys, Kind.REPAIR, view, answer -> {});
        for (int time = 0; time < TIMES && !left.isEmpty(); time++) {
            left = again(left, view, stored).keySet();
        }
        terminal.out().printf("%,d keys repaired%n", keys.size() - left.size());
        if (!left.isEmpty()) {
            terminal.err()
                    .printf(
                            "%,d keys are still not right, such as %s%n",
                            left.size(), left.iterator().next());
            return Commands.FAILED;
        }
        return Commands.DONE;
    }

    private void report(Map<String, List<Found>> wrong, long beyond) {
        Map<String, Map<Verdict, Long>> counts = new TreeMap<>();
        wrong.values()
                .forEach(all -> all.stream()
                        .filter(found -> found.verdict() != Verdict.RIGHT)
                        .forEach(found -> counts.computeIfAbsent(
                                        "route " + found.route() + ", zone " + found.zone(),
                                        none -> new EnumMap<>(Verdict.class))
                                .merge(found.verdict(), 1L, Long::sum)));
        counts.forEach((place, of) -> terminal.out().println(place + ": " + text(of)));
        wrong.values().stream()
                .flatMap(List::stream)
                .filter(found -> found.verdict() != Verdict.RIGHT)
                .limit(SHOWN)
                .forEach(found -> terminal.out()
                        .println("  " + found.verdict().text() + " in zone " + found.zone() + ": " + found.key()));
        if (beyond > 0) {
            terminal.out().printf("and %,d more keys that are not right%n", beyond);
        }
    }

    private static String text(Map<Verdict, Long> counts) {
        StringBuilder text = new StringBuilder();
        counts.forEach((verdict, count) ->
                text.append(text.isEmpty() ? "" : ", ").append("%s %,d".formatted(verdict.text(), count)));
        return text.toString();
    }

    /** The keys that are not right, and how many more there are than can be remembered. */
    private static final class Tally {
        private final Map<String, List<Found>> wrong = new LinkedHashMap<>();
        private long beyond;

        void add(List<Found> found) {
            Map<String, List<Found>> byKey = new LinkedHashMap<>();
            found.forEach(one ->
                    byKey.computeIfAbsent(one.key(), none -> new ArrayList<>()).add(one));
            byKey.forEach((key, all) -> {
                if (all.stream().allMatch(one -> one.verdict() == Verdict.RIGHT)) {
                    return;
                }
                if (wrong.size() < MOST_AGAIN) {
                    wrong.put(key, all);
                } else {
                    beyond++;
                }
            });
        }
    }
}
