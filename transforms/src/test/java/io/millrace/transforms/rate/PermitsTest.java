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
        permits.reserve();

        assertThat(permits.reserve(), is(SECOND / 10 + 4 * SECOND / 10));
        permits.addShare(0.25);
        assertThat(permits.reserve(), is(SECOND / 10 + 8 * SECOND / 10));
        assertThat(permits.reserve(), is(SECOND / 10 + 10 * SECOND / 10));
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
    public void fourTasksWithEnoughToDoAreWithinFivePercentOfTheRateOverAnyTenSeconds() {
        List<Long> calls = calls(List.of(1.0, 1.0, 1.0, 1.0));

        for (int from = 0; calls.get(from) + 10 * SECOND < calls.get(calls.size() - 1); from++) {
            long end = calls.get(from) + 10 * SECOND;
            long within =
                    calls.stream().skip(from).takeWhile(call -> call < end).count();
            assertThat(within, both(greaterThanOrEqualTo(950L)).and(lessThanOrEqualTo(1_050L)));
        }
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
