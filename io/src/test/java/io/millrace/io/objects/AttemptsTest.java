package io.millrace.io.objects;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.objects.Attempts.Write;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.After;
import org.junit.Test;

public class AttemptsTest {
    private final Attempts<String, String> attempts = Attempts.onAnotherThread("plays");
    private final Attempts<String, String> patient = Attempts.onAnotherThread("plays", Duration.ofMinutes(1));
    private final CountDownLatch back = new CountDownLatch(1);
    private final List<String> prepared = new ArrayList<>();

    @After
    public void close() {
        attempts.close();
        patient.close();
    }

    @Test
    public void givesWhatComesOfAWriteThatDoesNotTakeLong() throws IOException {
        assertThat(patient.attempt("a", writing("a")), is(Optional.of("a")));
        assertThat(patient.attempt("b", writing("b")), is(Optional.of("b")));
        assertThat(patient.isUnderWay("a"), is(false));
    }

    @Test
    public void givesWhatComesOfAWriteThatTakesLongWhenItIsAskedForAgain() throws IOException {
        assertThat(attempts.attempt("a", hanging("a")), is(Optional.empty()));
        assertThat(attempts.isUnderWay("a"), is(true));

        back.countDown();

        eventually("result", () -> attempts.attempt("a", writing("second")), is(Optional.of("a")));
        assertThat(prepared, is(List.of("a")));
    }

    @Test
    public void makesOneAttemptAtATime() throws IOException {
        attempts.attempt("a", hanging("a"));

        assertThat(attempts.attempt("b", writing("b")), is(Optional.empty()));
        assertThat(attempts.isUnderWay("b"), is(false));
        assertThat(prepared, is(List.of("a")));

        back.countDown();
        eventually("result", () -> askAgain("b", writing("b")), is(Optional.of("b")));
        assertThat(askAgain("a", writing("second")), is(Optional.of("a")));
    }

    @Test
    public void makesAnAttemptAgainThatFailed() throws IOException {
        attempts.attempt("a", failing("a"));

        eventually("result", () -> askAgain("a", writing("again")), is(Optional.of("again")));
    }

    @Test
    public void makesOneAttemptABundleWhileTheyFail() throws IOException {
        attempts.attempt("a", failing("a"));
        assertThat(attempts.attempt("b", writing("b")), is(Optional.empty()));

        eventually("result", () -> askAgain("b", writing("b")), is(Optional.of("b")));
        eventually("result", () -> askAgain("c", writing("c")), is(Optional.of("c")));
    }

    @Test
    public void saysThatNoFurtherAttemptHelps() {
        OutrankedException failure = assertThrows(
                OutrankedException.class,
                () -> patient.attempt("a", () -> () -> {
                    throw new OutrankedException("epoch must be the highest");
                }));

        assertThat(failure.getMessage(), is("epoch must be the highest"));
    }

    @Test
    public void finishesWhatIsUnderWay() throws IOException {
        attempts.attempt("a", hanging("a"));

        CompletableFuture.runAsync(back::countDown);

        assertThat(attempts.finish("b", writing("b")), is("b"));
        assertThat(attempts.finish("a", writing("second")), is("a"));
    }

    @Test
    public void finishesByAnotherAttemptWhatFailed() throws IOException {
        attempts.attempt("a", () -> () -> {
            throw new IOException(hang("away"));
        });

        CompletableFuture.runAsync(back::countDown);

        assertThat(attempts.finish("a", writing("second")), is("second"));
    }

    @Test
    public void endsOnlyWhenWhatIsUnderWayHasEnded() throws IOException {
        AtomicBoolean ended = new AtomicBoolean();
        attempts.attempt("a", () -> () -> {
            try {
                return hang("a");
            } finally {
                ended.set(true);
            }
        });

        attempts.close();

        assertThat(ended.get(), is(true));
    }

    @Test
    public void madeAtOnceAnAttemptGivesItsResultOrItsFailure() throws IOException {
        Attempts<String, String> atOnce = Attempts.madeAtOnce("plays");

        assertThat(atOnce.attempt("a", writing("a")), is(Optional.of("a")));
        assertThat(
                assertThrows(IOException.class, () -> atOnce.attempt("a", failing("a")))
                        .getMessage(),
                is("away"));
        assertThat(atOnce.isUnderWay("a"), is(false));
        atOnce.close();
    }

    /** Asks in another bundle. */
    private Optional<String> askAgain(String key, Supplier<Write<String>> preparation) throws IOException {
        attempts.beginBundle();
        return attempts.attempt(key, preparation);
    }

    private Supplier<Write<String>> writing(String result) {
        return prepared(result, () -> result);
    }

    private Supplier<Write<String>> hanging(String result) {
        return prepared(result, () -> hang(result));
    }

    private Supplier<Write<String>> failing(String name) {
        return prepared(name, () -> {
            throw new IOException("away");
        });
    }

    private Supplier<Write<String>> prepared(String name, Write<String> write) {
        return () -> {
            prepared.add(name);
            return write;
        };
    }

    private String hang(String result) throws IOException {
        try {
            back.await();
            return result;
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }
}
