package io.millrace.io.bulkhead;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.google.common.base.Ticker;
import java.time.Duration;
import org.junit.Test;

/** A parked route goes to its sink again when that keeps up, and after a failure not at once. */
public class RetreatTest {
    private long nanos;
    private final Retreat retreat = new Retreat(new Ticker() {
        @Override
        public long read() {
            return nanos;
        }
    });

    @Test
    public void endsWhenNothingWaits() {
        retreat.begin();

        retreat.look(10, 1);
        assertThat(retreat.mayEnd(), is(false));
        retreat.look(11, 0);
        assertThat(retreat.mayEnd(), is(true));
    }

    @Test
    public void mayEndWhenWhatWaitedHalfASecondAgoIsDelivered() {
        retreat.begin();

        retreat.look(0, 100);
        wait(300);
        retreat.look(100, 50);
        assertThat(retreat.mayEnd(), is(false));
        wait(300);
        retreat.look(99, 100);
        assertThat(retreat.mayEnd(), is(false));
        retreat.look(100, 100);
        assertThat(retreat.mayEnd(), is(true));
        wait(300);
        retreat.look(149, 100);
        assertThat(retreat.mayEnd(), is(false));
        retreat.look(150, 100);
        assertThat(retreat.mayEnd(), is(true));
    }

    @Test
    public void doesNotEndWhileNothingIsDelivered() {
        retreat.begin();

        for (int bundle = 1; bundle < 10; bundle++) {
            wait(300);
            retreat.look(0, bundle);
            assertThat(retreat.mayEnd(), is(false));
        }
    }

    @Test
    public void pausesLongerAndLongerUntilTheSinkHasKeptUpForAWhile() {
        retreat.begin();
        assertThat(pause(), is(Duration.ZERO));
        retreat.begin();
        assertThat(pause(), is(Duration.ofSeconds(1)));
        retreat.end();
        wait(10_000);
        retreat.begin();
        assertThat(pause(), is(Duration.ofSeconds(2)));
        for (int again = 0; again < 10; again++) {
            retreat.begin();
        }
        assertThat(pause(), is(Duration.ofMinutes(1)));

        retreat.end();
        wait(60_000);
        retreat.begin();
        assertThat(pause(), is(Duration.ZERO));
    }

    private void wait(int millis) {
        nanos += Duration.ofMillis(millis).toNanos();
    }

    private Duration pause() {
        Duration pause = Duration.ZERO;
        retreat.look(1, 0);
        while (!retreat.mayEnd()) {
            wait(500);
            pause = pause.plusMillis(500);
        }
        return pause;
    }
}
