package io.millrace.io.sink;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.google.common.collect.Sets;
import io.millrace.io.sink.Lease.LeaseLostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.Test;

public class LeaseTest {
    private static final long A_MOMENT = 1;

    private int ended;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // which is no time of day, and may run over
    private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);
    private final Lease lease = new Lease(nanos::get, millis::get, () -> ended++);

    @Test
    public void lastsForAsLongAsTheProcessLooksAtItsClocks() {
        for (int look = 0; look < 100; look++) {
            pass(Lease.LENGTH);
            lease.check();
            lease.look();
        }
        lease.check();
    }

    @Test
    public void isLostWhereTheProcessStoodStill() {
        pass(Lease.LENGTH.plusMillis(A_MOMENT));

        LeaseLostException lost = assertThrows(LeaseLostException.class, lease::check);
        assertThat(lost.getMessage(), containsString("stood still for more than 20 s"));
    }

    @Test
    public void staysLostWhenTheProcessLooksAgain() {
        pass(Lease.LENGTH.plusMillis(A_MOMENT));
        lease.look();
        lease.look();

        assertThrows(LeaseLostException.class, lease::check);
    }

    @Test
    public void isLostWhereTheMachineSleptAndOneClockWithIt() {
        millis.addAndGet(Lease.LENGTH.plusMillis(A_MOMENT).toMillis());

        assertThrows(LeaseLostException.class, lease::check);
    }

    @Test
    public void isKeptWhereTheTimeOfDayIsSetBack() {
        millis.addAndGet(-Duration.ofDays(1).toMillis());

        lease.check();
    }

    @Test
    public void aThreadLooksUntilItIsClosed() {
        Set<Thread> before = threads();
        Lease taken = Lease.take();
        taken.check();
        Set<Thread> its = Sets.difference(threads(), before).immutableCopy();
        assertThat(its, hasSize(1));

        taken.close();
        eventually("threads of the lease", () -> Sets.intersection(threads(), its), is(empty()));
        lease.close();
        assertThat(ended, is(1));
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("millrace-lease"))
                .collect(Collectors.toSet());
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        millis.addAndGet(time.toMillis());
    }
}
