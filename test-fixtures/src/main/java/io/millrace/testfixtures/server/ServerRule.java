package io.millrace.testfixtures.server;

import io.millrace.testfixtures.TestNames;
import org.jspecify.annotations.Nullable;
import org.junit.rules.TestRule;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/**
 * Lends a test a server that the tests of this JVM share: ready before the test, tidied up after it, with names of the test's own.
 *
 * <p>Usable as {@code @Rule} and as {@code @ClassRule}.
 *
 * <p><i>Fails</i>: as the test does; what goes wrong while tidying up after a test that failed is suppressed by its failure.
 */
public abstract class ServerRule implements TestRule {
    private @Nullable Description test;

    @Override
    public final Statement apply(Statement base, Description description) {
        return new Statement() {
            @Override
            public void evaluate() throws Throwable {
                test = description;
                makeReady();
                try {
                    base.evaluate();
                } catch (Throwable failure) {
                    tidyUpAfter(failure);
                    throw failure;
                }
                tidyUp();
            }
        };
    }

    /** Starts the server unless it runs. */
    protected abstract void makeReady();

    /** Takes away what a test left behind. */
    protected abstract void tidyUp();

    private void tidyUpAfter(Throwable failure) {
        try {
            tidyUp();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** A name that no other test has: for a job, a consumer group, a topic that is not there yet. */
    public final String name(String name) {
        if (test == null) {
            throw new IllegalStateException(
                    getClass().getSimpleName() + " must be a @Rule or @ClassRule of the running test, but was not");
        }
        return TestNames.unique(test, name);
    }
}
