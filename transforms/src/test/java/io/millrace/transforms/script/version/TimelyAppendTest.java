package io.millrace.transforms.script.version;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.version.ControlLog.Entry;
import io.millrace.transforms.script.version.ControlLog.Writer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

/** Records that count from shortly ahead on, written to a log that is far away. */
public class TimelyAppendTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private final Hand clock = new Hand(NOON);
    private final Hand logClock = new Hand(NOON);
    private final MemoryLog log = new MemoryLog(logClock);

    @Test
    public void theTimeIsTakenWhenTheLogIsOpen() throws Exception {
        log.slow(() -> pass(10_000), () -> pass(400));

        assertThat(append(), is(NOON.plusSeconds(11)));
        assertThat(accepted(), contains("v0", "v1 2026-01-31T12:00:11Z"));
    }

    @Test
    public void whatCameTooLateIsWrittenAgainAtOnceAndFurtherAhead() throws Exception {
        log.slow(() -> {}, () -> pass(2_600));

        assertThat(append(), is(NOON.plusMillis(5_200 + 4_000)));
        assertThat(accepted(), contains("v0", "v1 2026-01-31T12:00:09.200Z"));
        assertThat(log.history().size(), is(4));
    }

    @Test
    public void aClockThatIsBehindThatOfTheLogDoesNotMatter() throws Exception {
        clock.now = NOON.minusSeconds(3_600);

        assertThat(append(), is(NOON.plusSeconds(2)));
        assertThat(accepted(), contains("v0", "v1 2026-01-31T12:00:02Z"));
    }

    @Test
    public void aLogThatIsTooSlowIsNotWrittenForEver() throws Exception {
        log.slow(() -> {}, () -> pass(60_000));
        append();

        assertThat(accepted(), contains("v0"));
        assertThat(log.history().size(), is(5));
    }

    @Test
    public void nothingMoreIsWrittenWithoutAReason() throws Exception {
        log.slow(() -> {}, () -> pass(60_000));
        List<Instant> asked = new ArrayList<>();
        try (Writer writer = log.write()) {
            Optional<ControlRecord> last = new TimelyAppend(writer, clock).append(from -> {
                asked.add(from);
                return Optional.of(version(from)).filter(one -> asked.size() == 1);
            });
            assertThat(last, is(Optional.of(version(NOON.plusSeconds(1)))));
        }
        assertThat(asked, contains(NOON.plusSeconds(1), NOON.plusSeconds(62)));
        assertThat(log.history().size(), is(1));
    }

    private Instant append() throws Exception {
        log.add(ControlRecord.ofSource("v0", "function map(event) { return event }", NOON, "ann")
                .toJson());
        try (Writer writer = log.write()) {
            return new TimelyAppend(writer, clock)
                    .append(from -> Optional.of(version(from)))
                    .orElseThrow()
                    .effectiveFrom();
        }
    }

    private static ControlRecord version(Instant from) {
        return ControlRecord.ofVersion("v1", "v0", from, "ann");
    }

    /** The accepted records, with the time of those that are not the first. */
    private List<String> accepted() throws Exception {
        VersionBook book = new VersionBook("javascript", null, ScriptLimits.DEFAULT);
        for (Entry entry : log.history()) {
            book.add(entry);
        }
        return book.timeline().accepted().stream()
                .map(one -> one.record().equals("v0") ? "v0" : one.record() + " " + one.effectiveFrom())
                .toList();
    }

    private void pass(long millis) {
        clock.now = clock.now.plus(Duration.ofMillis(millis));
        logClock.now = logClock.now.plus(Duration.ofMillis(millis));
    }

    /** A clock that is moved. */
    private static final class Hand extends Clock {
        private Instant now;

        Hand(Instant start) {
            this.now = start;
        }

        @Override
        public Instant instant() {
            return now;
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
