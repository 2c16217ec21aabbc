package io.millrace.testfixtures.flink;

import io.millrace.testfixtures.server.ServerRule;

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
public final class FlinkRule extends ServerRule {
    @Override
    protected void makeReady() {
        cluster().start();
    }

    @Override
    protected void tidyUp() {
        cluster().start().rest().cancelAll();
    }

    /** The cluster that the tests of this JVM share. */
    public FlinkCluster cluster() {
        return Shared.CLUSTER;
    }

    /** Submits jobs to it, watches and ends them. */
    public FlinkRest rest() {
        return cluster().rest();
    }

    private static final class Shared {
        static final FlinkCluster CLUSTER = FlinkCluster.of(2, 4);
    }
}
