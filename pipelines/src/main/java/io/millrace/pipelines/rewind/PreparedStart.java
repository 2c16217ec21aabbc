package io.millrace.pipelines.rewind;

import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.StateFolder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The start of a job that is taken back, for which its cluster makes all ready while the one before still runs: of the time without results, most would go into
 * that.
 *
 * <p>The cluster says in the job's catalog that it is ready, and then waits there for the rewind to say that the job before has stopped. Where the rewind is given up or another one begins, or after some
 * minutes, nothing is started.
 *
 * @param catalogs the folder of catalogs
 * @param jobName the name of the job
 * @param epoch which rewind
 * @param jobId the id of the job that is to begin
 */
public record PreparedStart(String catalogs, String jobName, long epoch, String jobId) {
    private static final Duration AT_MOST = Duration.ofMinutes(6);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final String SEPARATOR = "\n";

    /** As one argument of the job's main. */
    public String text() {
        return String.join(SEPARATOR, catalogs, jobName, Long.toString(epoch), jobId);
    }

    /** What {@link #text()} gives; nothing of an empty text. */
    public static Optional<PreparedStart> parse(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        List<String> parts = List.of(text.split(SEPARATOR));
        return Optional.of(new PreparedStart(parts.get(0), parts.get(1), Long.parseLong(parts.get(2)), parts.get(3)));
    }

    /**
     * Says on the cluster that all is ready, and waits for the job before to have stopped.
     *
     * @throws FlinkClusterException if that does not come, and the job must not be started
     */
    public void await() {
        Catalog catalog = Catalog.of(jobName, StateFolder.onCluster(catalogs));
        catalog.addPrepared(jobId);
        try {
            for (long look = AT_MOST.dividedBy(BETWEEN_LOOKS); look > 0; look--) {
                Optional<Rewind> rewind = catalog.rewind(epoch);
                if (catalog.highestEpoch() != epoch
                        || rewind.filter(one -> one.jobId().equals(jobId) && !one.isOver())
                                .isEmpty()) {
                    throw new FlinkClusterException(
                            "job " + jobName + " is not begun in epoch " + epoch + ", since that was given up");
                }
                if (rewind.orElseThrow().step() == Rewind.Step.STOPPED) {
                    return;
                }
                pause();
            }
        } finally {
            catalog.removePrepared(jobId);
        }
        throw new FlinkClusterException("job " + jobName + " is not begun in epoch " + epoch
                + ", since the one before has not stopped within " + AT_MOST.toSeconds() + " s");
    }

    private static void pause() {
        try {
            if (new CountDownLatch(1).await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody counts down");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlinkClusterException("interrupted while waiting for the job before to stop", e);
        }
    }
}
