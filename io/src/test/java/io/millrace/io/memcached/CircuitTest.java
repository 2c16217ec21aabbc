package io.millrace.io.memcached;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.time.Duration;
import org.junit.Test;

public class CircuitTest {
    private static final long START = Duration.ofDays(1).toNanos();

    private final Circuit circuit = new Circuit();

    @Test
    public void aServerIsThereUntilSomethingFails() {
        assertThat(circuit.isAway(), is(false));
        assertThat(circuit.asks(at(0)), is(false));

        circuit.failed("no answer");

        assertThat(circuit.isAway(), is(true));
        assertThat(circuit.trouble(), is("no answer"));
    }

    @Test
    public void isAskedOneQuestionAtATimeAndNotTooOften() {
        circuit.failed("no answer");

        assertThat(circuit.asks(at(0)), is(true));
        assertThat("while it is asked", circuit.asks(at(10_000)), is(false));
        circuit.failed("no answer");
        assertThat(circuit.asks(at(10_000)), is(true));
        circuit.failed("no answer");
        assertThat("at once", circuit.asks(at(10_100)), is(false));
        assertThat(circuit.asks(at(10_250)), is(true));
    }

    @Test
    public void isBackWhenItHasAnsweredForAWhile() {
        circuit.failed("no answer");

        answer(0);
        answer(500);
        assertThat(circuit.isAway(), is(true));
        answer(1_000);
        assertThat(circuit.isAway(), is(false));
    }

    @Test
    public void saysOnceThatItIsAwayAndOnceThatItIsBack() {
        assertThat(circuit.failed("no answer"), is(true));
        assertThat(circuit.failed("no answer"), is(false));

        assertThat(circuit.answered(at(0)), is(false));
        assertThat(circuit.answered(at(1_000)), is(true));
        assertThat(circuit.answered(at(2_000)), is(false));
    }

    @Test
    public void whatFailsMeanwhileBeginsThatWhileAnew() {
        circuit.failed("no answer");
        answer(0);
        circuit.failed("no answer");

        answer(1_000);
        assertThat(circuit.isAway(), is(true));
        answer(2_000);
        assertThat(circuit.isAway(), is(false));
    }

    private void answer(long millis) {
        assertThat(circuit.asks(at(millis)), is(true));
        circuit.answered(at(millis));
    }

    private static long at(long millis) {
        return START + Duration.ofMillis(millis).toNanos();
    }
}
