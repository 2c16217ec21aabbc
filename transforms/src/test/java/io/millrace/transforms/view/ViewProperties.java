package io.millrace.transforms.view;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.Comparator.naturalOrder;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Whatever comes, in whatever order: what was told last is what all changes and all complete publishes make of each key. */
class ViewProperties {
    private static final List<String> KEYS = List.of("a", "b", "c");
    private static final List<String> ITEMS = List.of("x", "y", "z");

    /** What is said of an item: by an event, or by a publish, where nothing is a word, too. */
    private record Said(
            String key,
            String item,
            long version,
            int rank,
            @Nullable String value) {
        static final int ABSENT = 0;
        static final int PUBLISHED = 1;
        static final int ADDED = 2;
        static final int REMOVED = 3;
    }

    private record Change(
            String key, String item, long version, @Nullable String value) {
        Said said() {
            return new Said(key, item, version, value == null ? Said.REMOVED : Said.ADDED, value);
        }
    }

    private record Entry(String key, String item, String value) {}

    private enum End {
        COMPLETE,
        WITHOUT_SOME,
        BROKEN_OFF
    }

    private record Publish(long version, List<Entry> entries, End end) {
        Stream<Said> said() {
            if (end == End.BROKEN_OFF) {
                return Stream.empty();
            }
            Stream<Said> there = entries.stream()
                    .map(entry -> new Said(entry.key(), entry.item(), version, Said.PUBLISHED, entry.value()));
            Stream<Said> absent = end == End.WITHOUT_SOME
                    ? Stream.empty()
                    : KEYS.stream()
                            .flatMap(key -> ITEMS.stream()
                                    .filter(item -> entries.stream()
                                            .noneMatch(entry -> entry.key().equals(key)
                                                    && entry.item().equals(item)))
                                    .map(item -> new Said(key, item, version, Said.ABSENT, null)));
            return Stream.concat(there, absent);
        }
    }

    private record Case(List<Change> changes, List<Publish> publishes, long seed) {}

    @Provide
    Arbitrary<Case> cases() {
        Arbitrary<String> key = Arbitraries.of(KEYS);
        Arbitrary<String> item = Arbitraries.of(ITEMS);
        Arbitrary<Long> version = Arbitraries.longs().between(1, 20);
        Arbitrary<String> value = Arbitraries.of("1", "2", "3");
        Arbitrary<Change> change =
                Combinators.combine(key, item, version, value.injectNull(0.4)).as(Change::new);
        Arbitrary<Entry> entry = Combinators.combine(key, item, value).as(Entry::new);
        Arbitrary<Publish> publish = Combinators.combine(
                        version,
                        entry.list().uniqueElements(e -> e.key() + e.item()).ofMaxSize(6),
                        Arbitraries.of(End.values()))
                .as(Publish::new);
        return Combinators.combine(change.list().ofMaxSize(30), publish.list().ofMaxSize(3), Arbitraries.longs())
                .as(Case::new);
    }

    @Property(tries = 3_000)
    void whatWasToldLastIsWhatAllMakesOfIt(@ForAll("cases") Case story) {
        ViewShardInMemory shard = new ViewShardInMemory(ViewShardInMemory.settings());
        tell(story, shard, true);
        shard.pass(10_000);

        assertThat(shard.cache(), is(expected(story)));
        assertThat(shard.pagesKept(), is(0));
    }

    @Property(tries = 500)
    void whereAllInputEndsWhatIsLeftIsTold(@ForAll("cases") Case story) {
        ViewShardInMemory shard = new ViewShardInMemory(ViewShardInMemory.settings());
        tell(story, shard, false);
        shard.end();

        assertThat(shard.cache(), is(expected(story)));
        assertThat(shard.pagesKept(), is(0));
    }

    @Property(tries = 500)
    void aFlushTellsWhatWasToldLast(@ForAll("cases") Case story) {
        ViewShardInMemory shard = new ViewShardInMemory(ViewShardInMemory.settings());
        tell(story, shard, true);
        shard.pass(10_000);
        shard.cache().clear();
        shard.ask(ViewRequest.all("again", ViewRequest.Kind.FLUSH));
        shard.pass(10_000);

        assertThat(shard.cache(), is(expected(story)));
    }

    /** Before the restart more was told than is known afterwards, and then the same events come in another order. */
    @Property(tries = 2_000)
    void afterARestartWhatWasToldLastIsRightAgain(@ForAll("cases") Case story) {
        Random random = new Random(story.seed());
        List<Change> known =
                story.changes().subList(0, random.nextInt(story.changes().size() + 1));
        List<Change> unknown = new ArrayList<>(
                story.changes().subList(known.size(), story.changes().size()));
        ViewShardInMemory before = new ViewShardInMemory(ViewShardInMemory.settings());
        ViewShardInMemory after = new ViewShardInMemory(ViewShardInMemory.settings());
        for (ViewShardInMemory shard : List.of(before, after)) {
            known.forEach(change -> send(change, shard));
            shard.pass(10_000);
        }
        sendInTime(unknown.subList(0, random.nextInt(unknown.size() + 1)), before, random);

        after.beginOver(before.cache());
        Collections.shuffle(unknown, random);
        sendInTime(unknown, after, random);
        after.pass(10_000);

        assertThat(after.cache(), is(expected(new Case(story.changes(), List.of(), 0))));
    }

    private static void sendInTime(List<Change> changes, ViewShardInMemory shard, Random random) {
        for (Change change : changes) {
            send(change, shard);
            shard.pass(random.nextInt(2) * 1_000);
        }
    }

    /** The publishes one after the other, changes and time in between; within a publish all in any order, its end, too. */
    private static void tell(Case story, ViewShardInMemory shard, boolean timePasses) {
        Random random = new Random(story.seed());
        List<List<Runnable>> threads = new ArrayList<>();
        threads.add(new ArrayList<>(story.changes().stream()
                .<Runnable>map(change -> () -> send(change, shard))
                .toList()));
        List<Runnable> publishes = new ArrayList<>();
        for (int number = 0; number < story.publishes().size(); number++) {
            publishes.addAll(messages(number + 1, story.publishes().get(number), shard, random));
        }
        threads.add(publishes);
        while (threads.stream().anyMatch(thread -> !thread.isEmpty())) {
            List<Runnable> thread = threads.get(random.nextInt(threads.size()));
            if (!thread.isEmpty()) {
                thread.remove(0).run();
            }
            if (timePasses && random.nextInt(4) == 0) {
                shard.pass(random.nextInt(1_500));
            }
        }
    }

    private static void send(Change change, ViewShardInMemory shard) {
        if (change.value() == null) {
            shard.remove(change.key(), change.item(), change.version());
        } else {
            shard.add(change.key(), change.item(), change.value(), change.version());
        }
    }

    private static List<Runnable> messages(long generation, Publish publish, ViewShardInMemory shard, Random random) {
        List<Runnable> messages = new ArrayList<>(publish.entries().stream()
                .<Runnable>map(entry -> () -> shard.publish(generation, entry.key(), entry.item(), entry.value()))
                .toList());
        Collections.shuffle(messages, random);
        if (publish.end() == End.BROKEN_OFF) {
            return messages.subList(0, random.nextInt(messages.size() + 1));
        }
        messages.add(
                random.nextInt(messages.size() + 1),
                () -> shard.complete(
                        generation, publish.version(), publish.entries().size(), publish.end() == End.COMPLETE));
        return messages;
    }

    /** Those that say something newer than the ones before. */
    private static List<Publish> counting(List<Publish> publishes) {
        List<Publish> counting = new ArrayList<>();
        for (Publish publish : publishes) {
            Publish last = counting.isEmpty() ? null : counting.get(counting.size() - 1);
            if (publish.end() != End.BROKEN_OFF && (last == null || isNewer(publish, last))) {
                counting.add(publish);
            }
        }
        return counting;
    }

    private static boolean isNewer(Publish publish, Publish last) {
        return publish.version() > last.version()
                || publish.version() == last.version()
                        && publish.end() == End.COMPLETE
                        && last.end() == End.WITHOUT_SOME;
    }

    /** By definition: of all that was said of an item the highest counts. */
    private static Map<String, List<String>> expected(Case story) {
        Comparator<Said> order = comparing(Said::version)
                .thenComparing(comparingInt(Said::rank))
                .thenComparing(Said::value, Comparator.nullsFirst(naturalOrder()));
        List<Said> all = Stream.concat(
                        story.changes().stream().map(Change::said),
                        counting(story.publishes()).stream().flatMap(Publish::said))
                .toList();
        Map<String, List<String>> expected = new TreeMap<>();
        for (String key : KEYS) {
            List<String> values = ITEMS.stream()
                    .flatMap(item -> all.stream()
                            .filter(said ->
                                    said.key().equals(key) && said.item().equals(item))
                            .max(order)
                            .flatMap(said -> Optional.ofNullable(said.value()))
                            .stream())
                    .toList();
            if (!values.isEmpty()) {
                expected.put(key, values);
            }
        }
        return expected;
    }
}
