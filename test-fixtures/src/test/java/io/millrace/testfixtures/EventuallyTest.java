package io.millrace.testfixtures;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.Assert.assertThrows;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;

public class EventuallyTest {

    private static final Duration SHORT = Duration.ofMillis(120);

    @Test
    public void answersWhatWasSeenWhenItMatched() {
        AtomicInteger looks = new AtomicInteger();
        assertThat(eventually("looks", looks::incrementAndGet, greaterThan(2)), equalTo(3));
    }

    @Test
    public void looksAgainAfterAnExceptionOrAFailedAssertion() {
        AtomicInteger looks = new AtomicInteger();
        Eventually.waitUntil("the third look", () -> {
            int look = looks.incrementAndGet();
            assertThat(look, greaterThan(1));
            if (look < 3) {
                throw new java.io.IOException("not yet");
            }
            return true;
        });
        assertThat(looks.get(), equalTo(3));
    }

    @Test
    public void saysWhatWasExpectedAndWhatWasSeenLast() {
        AssertionError failure = assertThrows(
                AssertionError.class, () -> Eventually.within(SHORT).see("the answer", () -> 41, equalTo(42)));
        assertThat(
                failure.getMessage(),
                equalTo("the answer: not as expected after PT0.12S\nExpected: <42>\n     but: was <41>"));
    }

    @Test
    public void saysThatAConditionDidNotHold() {
        AssertionError failure = assertThrows(
                AssertionError.class, () -> Eventually.within(SHORT).until("the door to open", () -> false));
        assertThat(
                failure.getMessage(),
                equalTo("the door to open: not as expected after PT0.12S\nExpected: to hold\n     but: did not hold"));
    }

    @Test
    public void saysWhichExceptionCameLast() {
        Exception down = new IllegalStateException("down");
        AssertionError failure = assertThrows(
                AssertionError.class,
                () -> Eventually.within(SHORT).until("the server", () -> {
                    throw down;
                }));
        assertThat(
                failure.getMessage(),
                equalTo("the server: not as expected after PT0.12S\nExpected: to hold\n"
                        + "     but: threw java.lang.IllegalStateException: down"));
        assertThat(failure.getCause(), sameInstance(down));
    }
}
