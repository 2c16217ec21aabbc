package io.millrace.transforms.rate;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.Test;

public class PermitsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private long now = 17 * SECOND;

    private Permits permits(double perSecond, double share) {
        Permits permits = new Permits(perSecond, Permits.MADE_UP_FOR, () -> now);
        permits.addShare(share);
        return permits;
    }

    @Test
    public void withoutARateNobodyWaits() {
        Permits permits = permits(Double.POSITIVE_INFINITY, 0);

        assertThat(permits.reserve(), is(0L));
        assertThat(permits.reserve(), is(0L));
    }

    @Test
    public void permitsAreOneStepApartAndBeginWithNone() {
        Permits permits = permits(10, 1);

        assertThat(permits.reserve(), is(SECOND / 10));
        assertThat(permits.reserve(), is(2 * SECOND / 10));
        now += SECOND / 5;
        assertThat(permits.reserve(), is(SECOND / 10));
    }

    @Test
    public void aShareOfTheRateIsThatMuchLess() {
        Permits permits = permits(10, 0.25);

        assertThat(permits.reserve(), is(4 * SECOND / 10));
        assertThat(permits.reserve(), is(8 * SECOND / 10));
        permits.addShare(0.25);
        assertThat(permits.reserve(), is(10 * SECOND / 10));
        assertThat(permits.reserve(), is(12 * SECOND / 10));
    }

    @Test
    public void whatWasNotUsedIsMadeUpForAMoment() {
        Permits permits = permits(100, 1);
        now += 60 * SECOND;

        int atOnce = 0;
        while (permits.reserve() == 0) {
            atOnce++;
        }
        assertThat(atOnce, is(26));
    }

    @Test
    public void aPauseGivesNoneAndMakesUpForNothing() {
        Permits permits = permits(10, 1);
        permits.pause(Duration.ofSeconds(3));

        assertThat(permits.isPaused(), is(true));
        assertThat(permits.reserve(), is(3 * SECOND));
        assertThat(permits.reserve(), is(3 * SECOND + SECOND / 10));
        now += 3 * SECOND;
        assertThat(permits.isPaused(), is(false));
    }

    @Test
    public void aShorterPauseDoesNotEndALongerOne() {
        Permits permits = permits(Double.POSITIVE_INFINITY, 0);
        permits.pause(Duration.ofSeconds(3));
        permits.pause(Duration.ofSeconds(1));

        assertThat(permits.reserve(), is(3 * SECOND));
    }

    @Test
    public void whoWakesTooLateReservesAgainBehindTheOthers() throws InterruptedException {
        Permits permits = permits(100, 1);
        List<Long> waits = new ArrayList<>();
        permits.acquire(wait -> {
            waits.add(wait);
            now += wait;
            if (waits.size() == 1) {
                now += SECOND;
                IntStream.range(0, 125).forEach(other -> permits.reserve());
            }
        });

        assertThat(waits, is(List.of(SECOND / 100, SECOND)));
    }

    @Test
    public void whoWakesInAPauseWaitsForItsEnd() throws InterruptedException {
        Permits permits = permits(10, 1);
        long begin = now;
        permits.acquire(wait -> {
            now += wait;
            if (now - begin == SECOND / 10) {
                permits.pause(Duration.ofSeconds(3));
            }
        });

        assertThat(now - begin, is(SECOND / 10 + 3 * SECOND));
    }

    @Test
    public void fourTasksWithEnoughToDoAreWithinFivePercentOfTheRateOverAnyTenSeconds() {
        List<Long> calls = calls(List.of(1.0, 1.0, 1.0, 1.0));

        for (int from = 0; calls.get(from) + 10 * SECOND < calls.get(calls.size() - 1); from++) {
            long end = calls.get(from) + 10 * SECOND;
            long within =
                    calls.stream().skip(from).takeWhile(call -> call < end).count();
            assertThat(within, both(greaterThanOrEqualTo(950L)).and(lessThanOrEqualTo(1_050L)));
        }
    }

    @Test
    public void neverMoreThanFivePercentOverTheRateWhateverHappens() throws InterruptedException {
        for (int seed = 0; seed < 7; seed++) {
            for (double perSecond : List.of(20.0, 100.0, 400.0)) {
                List<Long> calls = calls(new Random(seed), perSecond);
                assertThat(
                        "seed " + seed + ", " + perSecond + "/s",
                        (double) mostWithin(10 * SECOND, calls),
                        lessThanOrEqualTo(1.05 * 10 * perSecond));
            }
        }
    }

    /** Calls of a job that is started anew again and again, in one to four processes of one to four tasks, each with one or 16 in flight. */
    private static List<Long> calls(Random random, double perSecond) throws InterruptedException {
        List<Long> calls = new ArrayList<>();
        long begin = 17 * SECOND;
        while (begin < 80 * SECOND) {
            long end = begin + random.nextLong(20 * SECOND);
            int[] tasks = random.ints(1 + random.nextInt(4), 1, 5).toArray();
            int inFlight = random.nextBoolean() ? 1 : 16;
            for (int some : tasks) {
                double share = (double) some / IntStream.of(tasks).sum();
                calls.addAll(HaltedProcess.calls(random, perSecond, some * inFlight, share, begin, end));
            }
            begin = end + random.nextLong(SECOND);
        }
        calls.sort(null);
        return calls;
    }

    private static int mostWithin(long time, List<Long> calls) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < calls.size(); last++) {
            while (calls.get(last) - calls.get(first) >= time) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    /** When calls are made by tasks that look for a permit again and again, with pauses up to 100 ms as at the end of a bundle. */
    private List<Long> calls(List<Double> busy) {
        List<Long> calls = new ArrayList<>();
        Random random = new Random(7);
        for (double share : busy) {
            now = 17 * SECOND;
            Permits permits = permits(100, share / busy.size());
            while (now < 80 * SECOND) {
                now += permits.reserve();
                calls.add(now);
                if (random.nextInt(20) == 0) {
                    now += random.nextInt(100_000_000);
                }
            }
        }
        calls.sort(null);
        return calls;
    }
}
