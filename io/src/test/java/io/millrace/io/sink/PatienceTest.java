package io.millrace.io.sink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.junit.Test;

/** Five minutes of trouble are enough, however they are spent. */
public class PatienceTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration AT_MOST = Duration.ofMinutes(5);

    private final TimeOfWaiting time = new TimeOfWaiting();
    private final Patience patience = Patience.with("store").by(time, time);

    @Test
    public void givesUpAServiceThatRefusesEachAttemptAtOnce() {
        IOException failure = assertThrows(IOException.class, () -> attemptsOf(Duration.ZERO));

        assertThat(failure.getMessage(), is("store must answer within 5 minutes, but: no answer"));
        assertThat(time.passed(), greaterThan(AT_MOST.minusSeconds(15)));
        assertThat(time.passed(), lessThanOrEqualTo(AT_MOST));
    }

    @Test
    public void givesUpAServiceThatLetsAttemptsHangAsEarly() {
        assertThrows(IOException.class, () -> attemptsOf(MINUTE));

        assertThat(time.passed(), lessThanOrEqualTo(AT_MOST.plus(MINUTE.multipliedBy(2))));
    }

    @Test
    public void countsNoTimeInWhichTheServiceAnswers() throws IOException {
        for (int round = 0; round < 4; round++) {
            troubleOf(MINUTE);
            time.pass(Duration.ofHours(1));
        }

        assertThrows(IOException.class, () -> troubleOf(MINUTE.multipliedBy(2)));
    }

    @Test
    public void doesNotCountWhatWasWaitedForSomethingElse() throws IOException {
        for (int round = 0; round < 10; round++) {
            troubleOf(MINUTE);
            patience.renew();
        }
    }

    @Test
    public void endsWhenTheThreadIsInterrupted() {
        Patience interrupted = Patience.with("store")
                .by(
                        millis -> {
                            throw new InterruptedException();
                        },
                        time);

        InterruptedIOException failure =
                assertThrows(InterruptedIOException.class, () -> interrupted.await("no answer"));

        assertThat(failure.getMessage(), is("interrupted while waiting for store"));
        assertThat(Thread.interrupted(), is(true));
    }

    private void attemptsOf(Duration each) throws IOException {
        for (int attempt = 0; attempt < 100_000; attempt++) {
            time.pass(each);
            patience.await("no answer");
        }
    }

    /** One failed attempt, and then one that succeeds after so long. */
    private void troubleOf(Duration length) throws IOException {
        patience.await("no answer");
        time.pass(length);
        patience.await("no answer");
        patience.answered();
    }
}
