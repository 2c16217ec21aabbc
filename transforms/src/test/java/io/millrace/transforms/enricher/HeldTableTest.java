package io.millrace.transforms.enricher;

import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.enricher.LookupTable.Loaded;
import io.millrace.transforms.event.SystemClock;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.After;
import org.junit.Test;

/** The thread that loads a table, and those that look into it meanwhile. */
public class HeldTableTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final Duration PERIOD = Duration.ofMinutes(10);

    private final HandMovedClock clock = HandMovedClock.at(NOON);
    private final List<HeldTable<?, ?>> opened = new ArrayList<>();

    @After
    public void closeAll() {
        opened.forEach(HeldTable::close);
    }

    private HeldTable<String, String> start(ScriptedTables tables, String name) {
        return start(new TableLoading<>(name, tables, PERIOD, clock), name);
    }

    private <ValueT> HeldTable<String, ValueT> start(TableLoading<String, ValueT> loading, String name) {
        HeldTable<String, ValueT> table = HeldTable.start(loading, clock, name);
        opened.add(table);
        return table;
    }

    private static Optional<Thread> thread(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .findFirst();
    }

    /** What a thread comes to that looks into a table. */
    private static Thread looking(HeldTable<String, String> table, AtomicReference<Object> seen) {
        Thread looking = new Thread(() -> {
            try {
                seen.set(String.valueOf(table.get().table().get("a")));
            } catch (InterruptedException e) {
                seen.set(e);
            }
        });
        looking.start();
        return looking;
    }

    @Test
    public void whoWaitsForTheFirstTableWhenItIsClosedIsInterrupted() throws InterruptedException {
        HeldTable<String, String> table = start(ScriptedTables.empty(), "closed before the first");
        AtomicReference<Object> seen = new AtomicReference<>();
        Thread looking = looking(table, seen);
        eventually("the thread waits", looking::getState, is(Thread.State.WAITING));

        table.close();

        looking.join();
        assertThat(seen.get(), instanceOf(InterruptedException.class));
    }

    @Test
    public void whoLooksIntoItWaitsForTheFirstTable() {
        ScriptedTables tables = ScriptedTables.empty();
        HeldTable<String, String> table = start(tables, "waits for the first");
        AtomicReference<Object> seen = new AtomicReference<>();
        Thread looking = looking(table, seen);
        eventually("the thread waits", looking::getState, is(Thread.State.WAITING));

        tables.answer(held -> Optional.of(new Loaded<>(LookupTable.of(Map.of("a", "one")), "1", 0)));
        clock.move(Duration.ofSeconds(1));

        eventually("what it saw", seen::get, is("one"));
        assertThat(thread("waits for the first").orElseThrow().isDaemon(), is(true));
    }

    @Test
    public void whoWaitsCanBeInterrupted() {
        HeldTable<String, String> table = start(ScriptedTables.empty(), "is interrupted");
        AtomicReference<Object> seen = new AtomicReference<>();
        Thread looking = looking(table, seen);
        eventually("the thread waits", looking::getState, is(Thread.State.WAITING));

        looking.interrupt();

        eventually("what it saw", seen::get, instanceOf(InterruptedException.class));
    }

    @Test
    public void closingEndsTheThreadAndALoadThatIsUnderWay() {
        ScriptedTables tables = ScriptedTables.empty();
        CountDownLatch loading = new CountDownLatch(1);
        tables.answer(held -> {
            loading.countDown();
            new CountDownLatch(1).await();
            throw new IOException("not to be reached");
        });
        HeldTable<String, String> table = start(tables, "under way");
        waitUntil("the load is under way", () -> loading.getCount() == 0);

        table.close();

        waitUntil("the thread has ended", () -> thread("under way").isEmpty());
        assertThat(table.loading().failures().sum(), is(0L));
    }

    @Test
    public void closingEndsTheThreadThatRests() {
        HeldTable<String, String> table = start(ScriptedTables.of(Map.of("a", "one")), "rests");
        eventually("a table", () -> table.loading().held() != null, is(true));

        table.close();

        waitUntil("the thread has ended", () -> thread("rests").isEmpty());
    }

    @Test
    public void aThreadThatHasNothingMoreToLoadEnds() throws InterruptedException {
        HeldTable<String, String> table =
                start(new TableLoading<>("once", ScriptedTables.of(Map.of("a", "one")), null, clock), "once");

        assertThat(table.get().table().get("a"), is("one"));
        waitUntil("the thread has ended", () -> thread("once").isEmpty());
    }

    @Test
    public void whatIsThrownBesideALoadDoesNotEndTheThread() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        LookupTable.Source<String, String> source = new LookupTable.Source<>() {
            @Override
            public String place() {
                if (asked.get() < 2) {
                    throw new IllegalStateException("nowhere");
                }
                return "a place";
            }

            @Override
            public Optional<Loaded<String, String>> load(String held) throws IOException {
                if (asked.incrementAndGet() < 3) {
                    throw new IOException("not yet");
                }
                return Optional.of(new Loaded<>(LookupTable.of(Map.of("a", "one")), "1", 0));
            }
        };
        HeldTable<String, String> table = start(new TableLoading<>("beside", source, PERIOD, clock), "beside");
        eventually("a second try", () -> ahead(asked), greaterThan(1));
        eventually("a third try", () -> ahead(asked), greaterThan(2));

        assertThat(table.get().table().get("a"), is("one"));
    }

    private int ahead(AtomicInteger asked) {
        clock.move(Duration.ofSeconds(1));
        return asked.get();
    }

    /** Each table has its version in every row, so a row of another one would be seen. */
    @Test
    public void valuesAreOfOneWholeTableAndNeverGoBackWhileTablesAreSwapped() throws InterruptedException {
        AtomicInteger version = new AtomicInteger();
        Clock system = SystemClock.utc();
        TableLoading<String, byte[]> loading =
                new TableLoading<>("swapped", new Versions(version), Duration.ofMillis(1), system);
        HeldTable<String, byte[]> table = HeldTable.start(loading, system, "swapped");
        opened.add(table);
        table.get();
        AtomicBoolean done = new AtomicBoolean();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int seed = i;
            threads.add(new Thread(() -> look(table, seed, done, wrong)));
        }
        threads.forEach(Thread::start);

        eventually("tables that were loaded", version::get, greaterThan(200));
        done.set(true);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(wrong, is(empty()));
    }

    private static void look(HeldTable<String, byte[]> table, int seed, AtomicBoolean done, Queue<String> wrong) {
        int last = 0;
        int at = seed;
        while (!done.get()) {
            try {
                Held<String, byte[]> held = table.get();
                at = (at * 31 + 7) & 1_023;
                String one = new String(held.table().get("k" + at), UTF_8);
                String other = new String(held.table().get("k" + (1_023 - at)), UTF_8);
                int version = Integer.parseInt(held.version());
                if (version < last
                        || !one.equals(version + " of k" + at)
                        || !other.equals(version + " of k" + (1_023 - at))) {
                    wrong.add(held.version() + " after " + last + ": " + one + ", " + other);
                }
                last = version;
            } catch (InterruptedException | RuntimeException e) {
                wrong.add(e.toString());
                return;
            }
        }
    }

    /** A table of another version each time. */
    private record Versions(AtomicInteger version) implements LookupTable.Source<String, byte[]> {
        @Override
        public String place() {
            return "versions";
        }

        @Override
        public Optional<Loaded<String, byte[]>> load(String held) {
            int next = version.incrementAndGet();
            PackedTable.Builder rows = PackedTable.builder();
            for (int i = 0; i < 1_024; i++) {
                rows.put(("k" + i).getBytes(UTF_8), (next + " of k" + i).getBytes(UTF_8));
            }
            return Optional.of(new Loaded<>(rows.build(), Integer.toString(next), 0));
        }
    }
}
