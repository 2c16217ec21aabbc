package io.millrace.testfixtures.flink;

import io.millrace.testfixtures.TestNames;
import org.jspecify.annotations.Nullable;
import org.junit.rules.TestRule;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/**
 * Lends a test the one Flink cluster of this JVM, started by the first test that asks: two TaskManagers of four slots.
 *
 * <pre>{@code
 * @Rule public final FlinkRule flink = new FlinkRule();
 *
 * @Test public void goesOnWhenATaskManagerDies() {
 *     String job = flink.rest().submit(jar, JobRun.of("io.millrace...Main", "--spec=..."));
 *     flink.rest().awaitMoreCheckpoints(job, 1);
 *     flink.cluster().killTaskManager();
 *     flink.cluster().startTaskManager();
 *     ...
 * }
 * }</pre>
 *
 * <p>Usable as {@code @Rule} and as {@code @ClassRule}. A test may kill any process of it: all run again
 * after it, and the jobs that it left behind are cancelled. One that needs a cluster for itself
 * alone takes {@link FlinkCluster#of}.
 */
public final class FlinkRule implements TestRule {

    private @Nullable Description test;

    @Override
    public Statement apply(Statement base, Description description) {
        return new Statement() {
            @Override
            public void evaluate() throws Throwable {
                test = description;
                cluster().start();
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

    private void tidyUp() {
        cluster().start().rest().cancelAll();
    }

    private void tidyUpAfter(Throwable failure) {
        try {
            tidyUp();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** The cluster that the tests of this JVM share. */
    public FlinkCluster cluster() {
        return Shared.CLUSTER;
    }

    /** Submits jobs to it, watches and ends them. */
    public FlinkRest rest() {
        return cluster().rest();
    }

    /** A name that no other test has, for a job. */
    public String name(String name) {
        if (test == null) {
            throw new IllegalStateException("FlinkRule must be a @Rule or @ClassRule of the running test, but was not");
        }
        return TestNames.unique(test, name);
    }

    private static final class Shared {
        static final FlinkCluster CLUSTER = FlinkCluster.of(2, 4);
    }
}
