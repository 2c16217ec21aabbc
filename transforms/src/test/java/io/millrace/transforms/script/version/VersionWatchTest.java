package io.millrace.transforms.script.version;

import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.Assert.assertThrows;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.version.ControlLog.Entry;
import io.millrace.transforms.script.version.VersionWatch.Choice;
import io.millrace.transforms.script.version.VersionWatch.Settings;
import io.millrace.transforms.script.version.VersionWatch.Waits;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;
import org.slf4j.LoggerFactory;

/** What is known of versions, how long is waited for it, and what is said where it is not. */
public class VersionWatchTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final String ALL = "function filter(event) { return true }";
    private static final String WANT = "millrace.test.wantOfMemory";
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Waits PATIENT = new Waits(LONG, LONG);
    private static final Waits IMPATIENT = new Waits(Duration.ofMillis(1), Duration.ofMillis(1));

    private final MovedClock clock = new MovedClock(NOON);
    private final MemoryLog log = new MemoryLog(clock);
    private final List<Runnable> held = new ArrayList<>();

    @Test
    public void theVersionOfThePresentIsKnownAndThatOfTheFutureIsNot() throws Exception {
        append(source("v1", NOON));
        VersionWatch watch = watch(IMPATIENT, Runnable::run);
        watch.read();

        assertThat(chosen(watch, NOON.minusSeconds(3600)), is("v1"));
        assertThat(chosen(watch, NOON.plusMillis(250)), is("v1"));
        assertThat(chosen(watch, NOON.plusMillis(251)), is("v1, provisional"));
        assertThat(chosen(watch, NOON.plusSeconds(86_400)), is("v1, provisional"));
    }

    @Test
    public void aChoiceHoldsAsFarAsItIsKnown() throws Exception {
        append(source("v1", NOON));
        append(source("v2", NOON.plusSeconds(10)));
        clock.advance(60_000);
        VersionWatch watch = watch(IMPATIENT, Runnable::run);
        watch.read();

        Choice first = watch.choose(NOON.toEpochMilli());
        assertThat(first.span().from(), is(NOON.toEpochMilli()));
        assertThat(first.span().to(), is(NOON.plusMillis(9_999).toEpochMilli()));
        Choice second = watch.choose(NOON.plusSeconds(10).toEpochMilli());
        assertThat(second.span().to(), is(NOON.plusMillis(60_250).toEpochMilli()));
    }

    @Test
    public void anEventThatIsAheadWaitsUntilItsVersionIsKnown() throws Exception {
        append(source("v1", NOON));
        VersionWatch watch = watch(PATIENT, Runnable::run);
        watch.read();
        CompletableFuture<String> chosen = choosing(watch, NOON.plusMillis(800));

        clock.advance(300);
        append(source("v2", NOON.plusMillis(800)));
        watch.read();
        assertThat(chosen.isDone(), is(false));
        clock.advance(250);
        watch.read();

        assertThat(chosen.join(), is("v2"));
    }

    @Test
    public void anEventThatIsTooFarAheadDoesNotWait() throws Exception {
        append(source("v1", NOON));
        VersionWatch watch = watch(PATIENT, Runnable::run);
        watch.read();
        long begun = System.nanoTime();

        assertThat(chosen(watch, NOON.plus(LONG).plusMillis(251)), is("v1, provisional"));
        assertThat(chosen(watch, Instant.ofEpochMilli(Long.MAX_VALUE / 1_000)), is("v1, provisional"));
        assertThat(System.nanoTime() - begun, is(lessThan(LONG.toNanos() / 2)));
    }

    @Test
    public void anOutageCostsOneWaitAndNotOneForEachEvent() throws Exception {
        append(source("v1", NOON));
        VersionWatch watch = watch(new Waits(Duration.ofSeconds(2), LONG), Runnable::run);
        watch.read();
        log.fall("brokers are away");
        clock.advance(1_000);
        watch.read();
        long begun = System.nanoTime();

        for (int i = 0; i < 1_000; i++) {
            assertThat(chosen(watch, NOON.plusSeconds(1)), is("v1, provisional"));
        }
        assertThat(
                System.nanoTime() - begun, is(lessThan(Duration.ofSeconds(100).toNanos())));

        log.fall(null);
        watch.read();
        assertThat(chosen(watch, NOON.plusSeconds(1)), is("v1"));
    }

    @Test
    public void afterAnOutageEventsWaitAgain() throws Exception {
        append(source("v1", NOON));
        VersionWatch watch = watch(new Waits(Duration.ofSeconds(5), LONG), Runnable::run);
        watch.read();
        log.fall("brokers are away");
        clock.advance(1_000);
        watch.read();
        assertThat(chosen(watch, NOON.plusSeconds(1)), is("v1, provisional"));
        log.fall(null);
        watch.read();

        CompletableFuture<String> chosen = choosing(watch, NOON.plusMillis(1_500));
        clock.advance(250);
        watch.read();

        assertThat(chosen.join(), is("v1"));
    }

    @Test
    public void aVersionThatIsNotDecidedOnHoldsBackNothingBeforeItsTime() throws Exception {
        append(source("v1", NOON));
        VersionWatch watch = watch(PATIENT, held::add);
        watch.read();
        decide();
        append(source("v2", NOON.plusMillis(1_000)));
        clock.advance(900);
        watch.read();

        assertThat(chosen(watch, NOON.plusMillis(999)), is("v1"));
        CompletableFuture<String> after = choosing(watch, NOON.plusMillis(1_000));
        decide();
        assertThat(after.join(), is("v2"));
    }

    @Test
    public void aVersionThatTakesLongToBeDecidedOnCostsOneWaitAndNotOneForEachEvent() throws Exception {
        append(source("v1", NOON));
        VersionWatch watch = watch(new Waits(Duration.ofSeconds(2), LONG), held::add);
        watch.read();
        decide();
        append(source("v2", NOON.plusMillis(1_000)));
        clock.advance(2_000);
        long begun = System.nanoTime();

        for (int i = 0; i < 1_000; i++) {
            watch.read();
            assertThat(chosen(watch, NOON.plusSeconds(1)), is("v1, provisional"));
        }
        assertThat(
                System.nanoTime() - begun, is(lessThan(Duration.ofSeconds(100).toNanos())));

        decide();
        assertThat(chosen(watch, NOON.plusSeconds(1)), is("v2"));
    }

    @Test
    public void nothingIsChosenBeforeTheWholeHistoryIsDecidedOn() throws Exception {
        append(source("v1", NOON));
        append(source("v2", NOON.plusSeconds(1)));
        clock.advance(5_000);
        VersionWatch watch = watch(PATIENT, held::add);
        CompletableFuture<String> chosen = choosing(watch, NOON.plusSeconds(2));
        watch.read();

        assertThat(chosen.isDone(), is(false));
        decide();
        assertThat(chosen.join(), is("v2"));
    }

    @Test
    public void whatIsHiddenBehindSomethingUnfinishedIsNotKnown() throws Exception {
        append(source("v1", NOON));
        append(source("v2", NOON.plusSeconds(1)));
        log.hideFrom(1);
        clock.advance(2_000);
        VersionWatch watch = watch(PATIENT, Runnable::run);
        watch.read();
        CompletableFuture<String> first = choosing(watch, NOON.plusSeconds(1));
        log.hideFrom(2);
        watch.read();
        assertThat(first.join(), is("v2"));

        append(source("v3", NOON.plusSeconds(3)));
        log.hideFrom(2);
        clock.advance(1_000);
        watch.read();
        assertThat(chosen(watch, NOON.plusMillis(2_250)), is("v2"));
        CompletableFuture<String> second = choosing(watch, NOON.plusSeconds(3));
        log.hideFrom(3);
        watch.read();
        assertThat(second.join(), is("v3"));
    }

    @Test
    public void withoutAVersionEventsWait() throws Exception {
        VersionWatch watch = watch(PATIENT, Runnable::run);
        watch.read();
        CompletableFuture<String> chosen = choosing(watch, NOON);

        log.add("no record");
        watch.read();
        assertThat(chosen.isDone(), is(false));
        append(source("v1", NOON));
        watch.read();

        assertThat(chosen.join(), is("v1"));
    }

    @Test
    public void withoutAVersionForTooLongTheBundleFails() {
        VersionWatch watch = watch(IMPATIENT, Runnable::run);
        watch.read();

        assertThat(
                assertThrows(IllegalStateException.class, () -> chosen(watch, NOON))
                        .getMessage(),
                is(
                        "control log memory must have a version of the script of route us (sent with `script publish`), but within"
                                + " 0 s it had none"));
    }

    @Test
    public void aLogThatWasNeverReadFailsTheBundleWithWhatIsWrong() {
        log.fall("brokers are away");
        VersionWatch watch = watch(IMPATIENT, Runnable::run);
        watch.read();

        IllegalStateException failure = assertThrows(IllegalStateException.class, () -> chosen(watch, NOON));
        assertThat(
                failure.getMessage(),
                is(
                        "control log memory must have a version of the script of route us (sent with `script publish`), but within"
                                + " 0 s it could not be read"));
        assertThat(failure.getCause().getMessage(), is("brokers are away"));
    }

    @Test
    public void aLogThatCanNeverBeReadFailsTheBundleAtOnce() {
        log.makeUnusable();
        VersionWatch watch = watch(PATIENT, Runnable::run);
        watch.read();

        assertThat(
                assertThrows(ControlLogException.class, () -> chosen(watch, NOON))
                        .getMessage(),
                is("topic control must have one partition"));
    }

    @Test
    public void aVersionIsFoundByItsId() throws Exception {
        append(source("v1", NOON));
        append(source("v2", NOON.plusSeconds(10)));
        VersionWatch watch = watch(PATIENT, Runnable::run);
        watch.read();

        assertThat(watch.version("v2").id(), is("v2"));
        assertThat(
                assertThrows(IllegalArgumentException.class, () -> watch.version("v3"))
                        .getMessage(),
                is("script version must be one that is accepted in control log memory, but was 'v3'"));
    }

    @Test
    public void repliesToWhatWasPublishedInTheLastHour() {
        append(source("v1", NOON));
        clock.advance(Duration.ofHours(2).toMillis());
        append(source("v2", NOON));
        append(ControlRecord.ofVersion("r1", "v1", NOON.plusSeconds(7_201), "ann"));
        VersionWatch watch = watch(PATIENT, Runnable::run);
        watch.read();
        watch.read();

        assertThat(
                log.replies(),
                contains(
                        new ControlReply(
                                "v2",
                                List.of("effectiveFrom must be at least 500 ms after the record was published at"
                                        + " 2026-01-31T14:00:00Z, but was 2026-01-31T12:00:00Z: what is past keeps its"
                                        + " version"),
                                NOON,
                                null,
                                "plays",
                                "us"),
                        new ControlReply("r1", List.of(), NOON.plusSeconds(7_201), "v1", "plays", "us")));
    }

    @Test
    public void aVersionThatFailsIsWithdrawnOnceASecondAhead() throws Exception {
        append(source("v1", NOON));
        append(source("v2", NOON.plusSeconds(1)));
        clock.advance(5_000);
        VersionWatch watch = watch(PATIENT, Runnable::run);
        VersionWatch other = watch(PATIENT, Runnable::run);
        watch.read();
        other.read();

        Activation failing = inForce(watch, NOON.plusSeconds(2));
        assertThat(watch.withdraw(failing, "it fails"), is(true));
        assertThat(watch.withdraw(failing, "it fails"), is(false));
        clock.advance(100);
        assertThat(other.withdraw(failing, "it fails here too"), is(true));
        watch.read();
        clock.advance(2_000);
        watch.read();

        assertThat(
                log.history().get(2).text(),
                is("{\"id\":\"withdrawn-v2\",\"version\":\"v1\",\"effectiveFrom\":"
                        + "\"2026-01-31T12:00:06Z\",\"author\":\"millrace\",\"reason\":\"it fails\"}"));
        assertThat(log.history().size(), is(4));
        assertThat(chosen(watch, NOON.plusMillis(5_999)), is("v2"));
        assertThat(chosen(watch, NOON.plusMillis(6_000)), is("v1"));
        assertThat(watch.withdraw(failing, "it fails"), is(false));
        assertThat(watch.takeWithdrawn(), is(1L));
        assertThat(watch.takeWithdrawn(), is(0L));
        other.read();
        assertThat(other.takeWithdrawn(), is(0L));
    }

    @Test
    public void aVersionWithoutAnotherBeforeItIsNotWithdrawn() throws Exception {
        append(source("v1", NOON));
        VersionWatch watch = watch(PATIENT, Runnable::run);
        watch.read();

        assertThat(watch.withdraw(inForce(watch, NOON), "it fails"), is(false));
        assertThat(log.history().size(), is(1));
    }

    @Test
    public void aWithdrawalThatCannotBeWrittenChangesNothing() throws Exception {
        append(source("v1", NOON));
        append(source("v2", NOON.plusSeconds(1)));
        clock.advance(5_000);
        VersionWatch watch = watch(PATIENT, Runnable::run);
        watch.read();
        Activation failing = inForce(watch, NOON.plusSeconds(2));
        log.fall("brokers are away");

        assertThat(watch.withdraw(failing, "it fails"), is(true));
        log.fall(null);
        assertThat(log.history().size(), is(2));
        watch.read();
        assertThat(watch.takeWithdrawn(), is(0L));
    }

    /** What one process knows is what every other will know, however late it reads, and whatever is published meanwhile. */
    @Test
    public void whatIsKnownIsNeverChangedByWhatComesLater() throws Exception {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            MovedClock time = new MovedClock(NOON);
            MemoryLog versions = new MemoryLog(time);
            versions.append(source("v0", NOON));
            List<VersionWatch> watches = List.of(watchOf(versions, time), watchOf(versions, time));
            watches.forEach(VersionWatch::read);
            Map<Long, String> known = new HashMap<>();
            for (int step = 1; step < 60; step++) {
                time.advance(random.nextInt(120));
                if (random.nextInt(4) == 0) {
                    versions.append(source("v" + step, time.instant().plusMillis(490 + random.nextInt(800))));
                }
                VersionWatch watch = watches.get(random.nextInt(2));
                if (random.nextInt(6) == 0) {
                    versions.append(withdrawal(
                            inForce(watch, time.instant()),
                            "v" + random.nextInt(step),
                            time.instant().plusMillis(490 + random.nextInt(800))));
                }
                if (random.nextBoolean()) {
                    watch.read();
                }
                long at = time.millis() - 300 + random.nextInt(900);
                Choice choice = watch.choose(at);
                if (!choice.provisional()) {
                    String version = choice.span().activation().version().id();
                    assertThat("seed " + seed, known.getOrDefault(at, version), is(version));
                    known.put(at, version);
                }
            }
            VersionBook book = new VersionBook("javascript", null, ScriptLimits.DEFAULT);
            for (Entry entry : versions.history()) {
                book.add(entry);
            }
            known.forEach((at, version) ->
                    assertThat(book.timeline().at(at).activation().version().id(), is(version)));
        }
    }

    @Test
    public void theTasksOfAProcessShareAWatchThatEndsWithTheLast() throws Exception {
        MemoryLog shared = new MemoryLog(Clock.systemUTC());
        shared.append(ControlRecord.ofSource(
                "v1", ALL, Instant.now(Clock.systemUTC()).truncatedTo(java.time.temporal.ChronoUnit.MILLIS), "ann"));
        Settings settings = settings(shared);
        VersionWatch first = VersionWatch.open(settings);
        VersionWatch second = VersionWatch.open(settings(shared));

        assertThat(second, is(sameInstance(first)));
        assertThat(chosen(first, Instant.now(Clock.systemUTC())), is("v1"));
        assertThat(shared.open(0), is(1));
        first.close();
        assertThat(chosen(second, Instant.now(Clock.systemUTC()).plusMillis(400)), is("v1"));
        second.close();
        eventually("readers of the log", () -> shared.open(0), is(0));
        eventually("threads of the watch", VersionWatchTest::threads, is(empty()));
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("millrace-script-us"))
                .toList();
    }

    @Test
    public void whatIsSaidOfAVersionThatFailsIsWhatWillBeDone() throws Exception {
        append(source("v1", NOON));
        append(source("v2", NOON.plusSeconds(1)));
        clock.advance(5_000);
        VersionWatch watch = watch(PATIENT, Runnable::run);
        watch.read();
        Activation failing = inForce(watch, NOON.plusSeconds(2));

        assertThat(
                logged(Withdrawer.class, () -> watch.withdraw(failing, "it fails")),
                contains(
                        "ERROR route us: version v2 of the script is to be withdrawn, and version v1 put in force again,"
                                + " by control record withdrawn-v2: it fails"));
    }

    @Test
    public void failuresOfWhatWasInForceBeforeAreNotThoseOfWhatIsInForceNow() throws Exception {
        append(source("v1", NOON));
        append(source("v2", NOON.plusSeconds(1)));
        append(ControlRecord.ofVersion("off", "v1", NOON.plusSeconds(2), "ann"));
        append(ControlRecord.ofVersion("back", "v2", NOON.plusSeconds(3), "ann"));
        clock.advance(5_000);
        VersionWatch watch = watch(PATIENT, Runnable::run);
        watch.read();

        assertThat(watch.withdraw(inForce(watch, NOON.plusSeconds(1)), "it failed"), is(false));
        assertThat(log.history().size(), is(4));
        assertThat(watch.withdraw(inForce(watch, NOON.plusSeconds(3)), "it fails"), is(true));
        assertThat(ControlRecord.idOf(log.history().get(4).text()).orElseThrow(), is("withdrawn-back"));
    }

    @Test
    public void eventsOfTheLastTenMinutesAreRecent() {
        VersionWatch watch = watch(PATIENT, Runnable::run);

        assertThat(watch.isRecent(NOON.minusSeconds(600).toEpochMilli()), is(true));
        assertThat(watch.isRecent(NOON.minusSeconds(600).minusMillis(1).toEpochMilli()), is(false));
        assertThat(watch.isRecent(Long.MIN_VALUE), is(false));
    }

    @Test
    public void whatIsSeenTooLateIsSaidAndCounted() {
        append(source("v1", NOON));
        VersionWatch watch = watch(PATIENT, Runnable::run);
        clock.advance(1_000);
        watch.read();
        log.add(source("v2", NOON.plusMillis(1_251)).toJson(), NOON);
        watch.read();
        assertThat(watch.takeTooLate(), is(0L));

        log.add(source("v3", NOON.plusMillis(1_250)).toJson(), NOON);
        assertThat(
                logged(Deciding.class, watch::read),
                contains(
                        "ERROR route us: control record v3 of memory was seen too late: events from 2026-01-31T12:00:01.250Z to"
                                + " 2026-01-31T12:00:01.250Z may have been processed without version v3, and a rerun would process"
                                + " them by it. It was published at 2026-01-31T12:00:00Z, and must be seen within 250 ms by this"
                                + " clock: clocks differ, or brokers were too slow"));
        assertThat(watch.takeTooLate(), is(1L));
        assertThat(watch.takeTooLate(), is(0L));
    }

    @Test
    public void whatIsRefusedOfTheHistoryIsSaidAtEachStart() {
        append(source("v1", NOON));
        append(ControlRecord.ofSource("v2", "function wrong( {", NOON.plusSeconds(1), "ann"));
        append(ControlRecord.ofVersion("r1", "v2", NOON.plusSeconds(2), "ann"));

        List<String> said = logged(Deciding.class, watch(PATIENT, Runnable::run)::read);

        assertThat(said.size(), is(2));
        assertThat(
                said.get(0)
                        .matches("WARN route us: control record 'v2' of memory, published at 2026-01-31T12:00:00Z, is"
                                + " refused, and changes nothing: source:1:\\d+: .+"),
                is(true));
        assertThat(
                said.get(1),
                is(
                        "WARN route us: control record 'r1' of memory, published at 2026-01-31T12:00:00Z, is refused, and changes"
                                + " nothing: version must be that of an accepted version, but was 'v2': the last ones are [v1]"));
    }

    @Test
    public void aRecordForWhichThereIsNoMemoryIsDecidedOnLater() throws Exception {
        Settings groovy = new Settings(log, "groovy", null, ScriptLimits.DEFAULT, "plays", "us", true);
        VersionWatch watch = new VersionWatch(groovy, clock, IMPATIENT, System::nanoTime, Runnable::run, Runnable::run);
        append(ControlRecord.ofSource("v1", "def filter(event) { true }", NOON, "ann"));
        watch.read();
        System.setProperty(WANT, "true");
        try {
            append(ControlRecord.ofSource(
                    "v2",
                    "def filter(event) { if (Boolean.getBoolean('" + WANT + "')) throw new OutOfMemoryError(); true }",
                    NOON.plusSeconds(1),
                    "ann"));
            append(ControlRecord.ofVersion("r1", "v1", NOON.plusSeconds(20), "ann"));
            clock.advance(1_000);
            watch.read();
        } finally {
            System.clearProperty(WANT);
        }
        clock.advance(9_999);
        watch.read();
        assertThat(chosen(watch, NOON.plusMillis(999)), is("v1"));
        assertThat(chosen(watch, NOON.plusSeconds(1)), is("v1, provisional"));

        clock.advance(1);
        watch.read();
        assertThat(chosen(watch, NOON.plusSeconds(1)), is("v2"));
        clock.advance(20_000);
        watch.read();
        assertThat(chosen(watch, NOON.plusSeconds(20)), is("v1"));
    }

    @Test
    public void aHistoryIsWaitedForAsLongAsItIsBeingDecidedOn() throws Exception {
        AtomicLong nanos = new AtomicLong();
        append(source("v1", NOON));
        append(source("v2", NOON.plusSeconds(1)));
        append(source("v3", NOON.plusSeconds(2)));
        log.hideFrom(0);
        VersionWatch watch =
                new VersionWatch(settings(log), clock, new Waits(LONG, LONG), nanos::get, Runnable::run, Runnable::run);
        CompletableFuture<String> chosen = choosing(watch, NOON);
        for (int read = 1; read < 3; read++) {
            nanos.addAndGet(LONG.toNanos() - 1);
            log.hideFrom(read);
            watch.read();
        }
        assertThat(chosen.isDone(), is(false));
        nanos.addAndGet(LONG.toNanos() - 1);
        log.hideFrom(3);
        watch.read();

        assertThat(chosen.join(), is("v1"));
    }

    @Test
    public void aHistoryOnWhichNothingIsDecidedFailsTheBundle() {
        append(source("v1", NOON));
        VersionWatch watch = watch(IMPATIENT, held::add);
        watch.read();

        assertThat(
                assertThrows(IllegalStateException.class, () -> chosen(watch, NOON))
                        .getMessage(),
                is(
                        "control log memory must have a version of the script of route us (sent with `script publish`), but within"
                                + " 0 s no record was decided on"));
    }

    @Test
    public void whatIsClosedIsNotOpenedAgain() {
        VersionWatch watch = watch(IMPATIENT, Runnable::run);
        watch.read();
        watch.stop();
        watch.closeReader();
        append(source("v1", NOON));
        watch.read();

        assertThat(log.open(0), is(0));
        assertThat(log.replies(), is(empty()));
    }

    @Test
    public void whatIsClosedDecidesOnNothingMore() {
        append(source("v1", NOON));
        VersionWatch watch = watch(IMPATIENT, held::add);
        watch.read();
        watch.stop();
        decide();

        assertThat(log.replies(), is(empty()));
    }

    private static ControlRecord withdrawal(Activation failing, String to, Instant from) {
        return ControlRecord.ofVersion(ControlRecord.WITHDRAWN + failing.record(), to, from, ControlRecord.MILLRACE);
    }

    private static Activation inForce(VersionWatch watch, Instant time) throws InterruptedException {
        return watch.choose(time.toEpochMilli()).span().activation();
    }

    /** What a class says of an action, each with its level. */
    private static List<String> logged(Class<?> of, Runnable action) {
        Logger logger = (Logger) LoggerFactory.getLogger(of);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        try {
            action.run();
        } finally {
            logger.detachAppender(appender);
        }
        return appender.list.stream()
                .map(one -> one.getLevel() + " " + one.getFormattedMessage())
                .toList();
    }

    private CompletableFuture<String> choosing(VersionWatch watch, Instant time) {
        CompletableFuture<String> chosen = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                chosen.complete(chosen(watch, time));
            } catch (Throwable e) {
                chosen.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        waitUntil("the event waits", () -> thread.getState() == Thread.State.TIMED_WAITING);
        return chosen;
    }

    private static String chosen(VersionWatch watch, Instant time) throws InterruptedException {
        Choice choice = watch.choose(time.toEpochMilli());
        return choice.span().activation().version().id() + (choice.provisional() ? ", provisional" : "");
    }

    private void decide() {
        List<Runnable> now = List.copyOf(held);
        held.clear();
        now.forEach(Runnable::run);
    }

    private VersionWatch watch(Waits waits, Executor decisions) {
        return new VersionWatch(settings(log), clock, waits, System::nanoTime, decisions, Runnable::run);
    }

    private static VersionWatch watchOf(MemoryLog log, Clock clock) {
        return new VersionWatch(
                settings(log), clock, new Waits(Duration.ZERO, LONG), System::nanoTime, Runnable::run, Runnable::run);
    }

    private static Settings settings(ControlLog log) {
        return new Settings(log, "javascript", null, ScriptLimits.DEFAULT, "plays", "us", true);
    }

    private void append(ControlRecord control) {
        try {
            log.append(control);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ControlRecord source(String id, Instant from) {
        return ControlRecord.ofSource(id, ALL, from, "ann");
    }

    /** Stands still until it is moved. */
    private static final class MovedClock extends Clock {
        private final AtomicLong millis;

        MovedClock(Instant start) {
            this.millis = new AtomicLong(start.toEpochMilli());
        }

        void advance(long by) {
            millis.addAndGet(by);
        }

        @Override
        public long millis() {
            return millis.get();
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
