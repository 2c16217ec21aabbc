package io.millrace.testfixtures.history;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

public class BehaviourTest {
    @Test
    public void saysWhatIsOutOfItsRange() {
        assertProblem(() -> Behaviour.status(204), "status must be from 400 to 599, but was 204");
        assertProblem(() -> Behaviour.throttle(0), "callsPerSecond must be at least 1, but was 0");
        assertProblem(() -> Behaviour.answerOf(-1), "bytes must be at least 0, but was -1");
        assertProblem(() -> Behaviour.hang().forShare(1.5), "share must be from 0 to 1, but was 1.5");
        assertProblem(() -> Behaviour.hang().forShareOfKeys(-1), "shareOfKeys must be from 0 to 1, but was -1.0");
        assertProblem(() -> Behaviour.hang().forFirst(-1), "first must be at least 0, but was -1");
        assertProblem(
                () -> Behaviour.answer().after(Duration.ofMillis(-5)), "latency must be at least 0, but was PT-0.005S");
        assertProblem(
                () -> Behaviour.answer().after(Duration.ofSeconds(2), Duration.ofSeconds(1)),
                "the most latency must be at least PT2S, but was PT1S");
        assertProblem(
                () -> Behaviour.status(503).retryAfter(Duration.ofSeconds(-2)),
                "retryAfter must be at least 0 s, but was -2 s");
        assertProblem(
                () -> Behaviour.reset().retryAfter(Duration.ofSeconds(1)),
                "retryAfter must be of a status, but was of RESET");
    }

    @Test
    public void aShareOfKeysIsTheSameKeysEachTimeAndEvenAmongTheirNeighbours() {
        Behaviour.Choice tenth = Behaviour.hang().forShareOfKeys(0.1).choice();

        long taken = IntStream.range(0, 1_000)
                .filter(i -> tenth.takes("p-000" + (1_000 + i)))
                .count();

        assertThat((double) taken, closeTo(100, 10));
    }

    @Test
    public void aPrefixAndAShareOfKeysHoldTogether() {
        Behaviour.Choice choice =
                Behaviour.hang().forKeys("p-").forShareOfKeys(0.5).choice();
        Behaviour.Choice half = Behaviour.hang().forShareOfKeys(0.5).choice();

        assertThat(
                IntStream.range(0, 100).filter(i -> choice.takes("p-" + i)).toArray(),
                is(IntStream.range(0, 100).filter(i -> half.takes("p-" + i)).toArray()));
        assertThat(IntStream.range(0, 100).anyMatch(i -> choice.takes("q-" + i)), is(false));
    }

    @Test
    public void comesOutOfJsonAsItWentIn() throws IOException {
        ObjectMapper json = new ObjectMapper();
        Behaviour behaviour = Behaviour.throttle(7)
                .retryAfterDate(Duration.ofSeconds(3))
                .after(Duration.ofMillis(1), Duration.ofMillis(2))
                .forKeys("p-\u00fc")
                .forShareOfKeys(0.25)
                .forShare(0.5)
                .forFirst(9);

        assertThat(json.readValue(json.writeValueAsBytes(behaviour), Behaviour.class), is(behaviour));
    }

    private static void assertProblem(ThrowingRunnable wrong, String message) {
        assertThat(assertThrows(IllegalArgumentException.class, wrong).getMessage(), is(message));
    }
}
