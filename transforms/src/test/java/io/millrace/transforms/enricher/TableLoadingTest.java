package io.millrace.transforms.enricher;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.transforms.enricher.LookupTable.Loaded;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.slf4j.LoggerFactory;

/** When a table is loaded, and what becomes of loads that fail. */
public class TableLoadingTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private final HandMovedClock clock = HandMovedClock.at(NOON.plusSeconds(61));
    private final ScriptedTables tables = ScriptedTables.empty();
    private final TableLoading<String, String> once = new TableLoading<>("titles", tables, null, clock);
    private final TableLoading<String, String> again = new TableLoading<>("titles", tables, TEN_MINUTES, clock);

    private final Logger logger = (Logger) LoggerFactory.getLogger(TableLoading.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @Before
    public void listen() {
        log.start();
        logger.addAppender(log);
    }

    @After
    public void listenNoMore() {
        logger.detachAppender(log);
    }

    private List<String> warnings() {
        return log.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private void there(String version, Map<String, String> rows) {
        tables.answer(held ->
                held.equals(version) ? Optional.empty() : Optional.of(new Loaded<>(LookupTable.of(rows), version, 0)));
    }

    private void fails(String why) {
        tables.answer(held -> {
            throw new IOException(why);
        });
    }

    /** Moves the clock to when something is due, and does it. */
    private Optional<Instant> next(TableLoading<?, ?> loading) throws InterruptedException {
        Instant due = loading.turn().orElseThrow();
        clock.move(Duration.between(clock.instant(), due));
        return loading.turn();
    }

    @Test
    public void aTableWithoutAPeriodIsLoadedOnce() throws InterruptedException {
        there("1", Map.of("a", "one"));

        assertThat(once.held(), is(nullValue()));
        assertThat(once.turn(), is(Optional.empty()));

        assertThat(once.await().table().get("a"), is("one"));
        assertThat(once.await().loadedAt(), is(NOON.plusSeconds(61)));
        clock.move(Duration.ofDays(1));
        assertThat(once.turn(), is(Optional.empty()));
        assertThat(tables.loads(), is(1));
    }

    @Test
    public void anotherIsLoadedAtMultiplesOfThePeriod() throws InterruptedException {
        there("1", Map.of("a", "one"));
        assertThat(again.turn(), is(Optional.of(NOON.plusSeconds(600))));

        there("2", Map.of("a", "two"));
        clock.move(Duration.ofSeconds(538));
        assertThat(again.turn(), is(Optional.of(NOON.plusSeconds(600))));
        assertThat(again.await().table().get("a"), is("one"));
        clock.move(Duration.ofSeconds(1));
        assertThat(again.turn(), is(Optional.of(NOON.plusSeconds(1_200))));
        assertThat(again.await().table().get("a"), is("two"));
        assertThat(again.await().loadedAt(), is(NOON.plusSeconds(600)));
    }

    @Test
    public void turnsThatALongLoadPassedAreLeftOut() throws InterruptedException {
        tables.answer(held -> {
            clock.move(Duration.ofMinutes(25));
            return Optional.of(new Loaded<>(LookupTable.of(Map.of("a", "one")), "1", 0));
        });

        assertThat(again.turn(), is(Optional.of(NOON.plusSeconds(1_800))));
        assertThat(again.await().loadedAt(), is(NOON.plusSeconds(61)));
        assertThat(again.await().ageMillisAt(clock.millis()), is(1_500_000L));
    }

    @Test
    public void aVersionThatIsHeldIsNotLoadedAgain() throws InterruptedException {
        there("1", Map.of("a", "one"));
        again.turn();
        LookupTable<String, String> table = again.await().table();

        next(again);

        assertThat(again.await().table() == table, is(true));
        assertThat(again.await().loadedAt(), is(NOON.plusSeconds(61)));
        assertThat(again.checkedAt(), is(NOON.plusSeconds(600)));
        assertThat(tables.loads(), is(2));
        assertThat(again.loads().sum(), is(1L));
        assertThat(again.failures().sum(), is(0L));
    }

    @Test
    public void aFirstTableIsTriedForAgainAfterLongerAndLongerTimes() throws InterruptedException {
        fails("connection refused");
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Instant due = once.turn().orElseThrow();
            waits.add(Duration.between(clock.instant(), due).toSeconds());
            clock.move(Duration.between(clock.instant(), due));
        }

        assertThat(waits, contains(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L));
        assertThat(once.held(), is(nullValue()));
        assertThat(once.failures().sum(), is(8L));
        assertThat(
                warnings().get(0),
                is(
                        "titles: there is no table of the shelf yet, and elements wait for it: connection refused; the next try is"
                                + " at 2026-11-25T12:01:02Z"));
        assertThat("warnings of one cause", warnings().size(), is(1));
        fails("no such file");
        once.turn();
        assertThat(warnings().get(1), containsString("no such file"));
        clock.move(TableLoading.LONGEST_WAIT_FOR_A_FIRST);
        there("1", Map.of("a", "one"));
        assertThat(once.turn(), is(Optional.empty()));
        assertThat(once.await().table().get("a"), is("one"));
    }

    @Test
    public void aReloadThatFailsKeepsTheLastTableAndIsTriedAgainBeforeItsNextTurn() throws InterruptedException {
        there("1", Map.of("a", "one"));
        again.turn();
        fails("line 7: the document ends too early at byte 3");
        Optional<Instant> due = next(again);

        assertThat(due, is(Optional.of(NOON.plusSeconds(601))));
        assertThat(again.checkedAt(), is(NOON.plusSeconds(61)));
        assertThat(again.await().table().get("a"), is("one"));
        assertThat(
                warnings(),
                contains(
                        "titles: the table of the shelf could not be loaded again: line 7: the document ends too early at"
                                + " byte 3; the one that is used is PT8M59S old, the next try is at 2026-11-25T12:10:01Z"));
        List<Long> tries = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            tries.add(Duration.between(NOON, next(again).orElseThrow()).toSeconds());
        }
        assertThat(tries, contains(603L, 607L, 615L, 631L, 663L, 727L, 855L, 1_111L, 1_200L, 1_800L));
        assertThat(again.failures().sum(), is(11L));
    }

    @Test
    public void howeverManyReloadsFailTheNextIsTriedForWithinAnHour() throws InterruptedException {
        TableLoading<String, String> daily = new TableLoading<>("titles", tables, Duration.ofDays(1), clock);
        there("1", Map.of("a", "one"));
        daily.turn();
        fails("connection refused");
        for (int i = 0; i < 100; i++) {
            next(daily);
        }

        Instant due = daily.turn().orElseThrow();
        assertThat(Duration.between(clock.instant(), due), is(Duration.ofHours(1)));
        assertThat(daily.failures().sum(), is(100L));
    }

    @Test
    public void whoInterruptsALoadThatIsNeededMakesItFail() throws InterruptedException {
        tables.answer(held -> {
            throw new InterruptedException("by a driver");
        });

        assertThat(once.turn(), is(Optional.of(NOON.plusSeconds(62))));
        assertThat(once.failures().sum(), is(1L));
    }

    @Test
    public void afterALoadThatWorkedWaitsAreShortAgain() throws InterruptedException {
        there("1", Map.of("a", "one"));
        again.turn();
        fails("connection refused");
        next(again);
        next(again);
        there("2", Map.of("a", "two"));
        next(again);
        assertThat(again.await().table().get("a"), is("two"));
        fails("connection refused");

        assertThat(next(again), is(Optional.of(NOON.plusSeconds(1_201))));
    }

    @Test
    public void whatIsThrownAgainstTheRulesIsAFailureToo() throws InterruptedException {
        tables.answer(held -> {
            throw new OutOfMemoryError("Java heap space");
        });
        assertThat(once.turn(), is(Optional.of(NOON.plusSeconds(62))));
        tables.answer(held -> {
            throw new IllegalStateException();
        });
        next(once);

        assertThat(
                warnings(),
                contains(
                        "titles: there is no table of the shelf yet, and elements wait for it: Java heap space; the next try is"
                                + " at 2026-11-25T12:01:02Z",
                        "titles: there is no table of the shelf yet, and elements wait for it: IllegalStateException; the next"
                                + " try is at 2026-11-25T12:01:04Z"));
    }

    @Test
    public void doubledRowsAndEmptyTablesAreSaid() throws InterruptedException {
        ScriptedTables emptied = ScriptedTables.thatMayBeEmpty();
        TableLoading<String, String> loading = new TableLoading<>("titles", emptied, null, clock);
        emptied.answer(held -> Optional.of(new Loaded<>(LookupTable.of(Map.of()), "1", 3)));
        loading.turn();

        assertThat(loading.await().table().rows(), is(0L));
        assertThat(
                warnings(),
                contains(
                        "titles: 3 rows of the shelf are not used, since a later row has their key",
                        "titles: the shelf has no row, so there is nothing of any key"));
    }

    @Test
    public void aTableWithoutARowTakesNoPlaceOfAnother() throws InterruptedException {
        there("1", Map.of("a", "one"));
        again.turn();
        there("2", Map.of());
        next(again);

        assertThat(again.await().table().get("a"), is("one"));
        assertThat(
                warnings(),
                contains(
                        "titles: the table of the shelf could not be loaded again: it has no row, which only a table may that says"
                                + " allowEmpty: true; the one that is used is PT8M59S old, the next try is at 2026-11-25T12:10:01Z"));
        there("3", Map.of("a", "three"));
        next(again);
        assertThat(again.await().table().get("a"), is("three"));
    }

    @Test
    public void aFirstTableWithoutARowIsWaitedForUntilItHasOne() throws InterruptedException {
        there("1", Map.of());
        once.turn();
        assertThat(once.held(), is(nullValue()));

        there("2", Map.of("a", "one"));
        next(once);
        assertThat(once.await().table().get("a"), is("one"));
        assertThat(once.failures().sum(), is(1L));
    }

    @Test
    public void aClockThatIsSetBackPutsNothingOff() throws InterruptedException {
        there("1", Map.of("a", "one"));
        again.turn();
        clock.move(Duration.ofHours(-5));

        assertThat(again.turn(), is(Optional.of(NOON.minus(Duration.ofHours(5)).plusSeconds(600))));
        assertThat(again.await().ageMillisAt(clock.millis()), is(0L));
    }

    @Test
    public void aClockThatIsSetBackDoesNotPutOffAFirstTable() throws InterruptedException {
        fails("connection refused");
        once.turn();
        clock.move(Duration.ofHours(-5));

        Instant before = NOON.plusSeconds(61).minus(Duration.ofHours(5));
        assertThat(once.turn(), is(Optional.of(before.plusSeconds(30))));
        there("1", Map.of("a", "one"));
        clock.move(Duration.ofSeconds(30));
        assertThat(once.turn(), is(Optional.empty()));
    }

    @Test
    public void aLoadThatIsBrokenOffIsNoFailure() {
        tables.answer(held -> {
            once.close();
            throw new IOException("closed by interrupt");
        });

        assertThrows(InterruptedException.class, once::turn);
        assertThat(warnings(), is(List.of()));
        assertThat(once.failures().sum(), is(0L));
    }
}
