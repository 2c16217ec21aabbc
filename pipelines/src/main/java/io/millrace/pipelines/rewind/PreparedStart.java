package io.millrace.pipelines.rewind;

import io.millrace.runnerprofiles.FlinkClusterException;
import java.time.Duration;
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
 * @param catalog the job's catalog, as a process of the cluster reaches it
 * @param epoch which rewind
 * @param jobId the id of the job that is to begin
 */
public record PreparedStart(Catalog catalog, long epoch, String jobId) {
    private static final Duration AT_MOST = Duration.ofMinutes(8);
    private static final int UNREAD_AT_MOST = 50;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    /**
     * Says on the cluster that all is ready, and waits for the job before to have stopped.
     *
     * @throws FlinkClusterException if that does not come, and the job must not be started
     */
    public void await() {
        catalog.addPrepared(jobId);
        int unread = 0;
        try {
            for (long look = AT_MOST.dividedBy(BETWEEN_LOOKS); look > 0; look--) {
                Optional<Rewind> rewind = catalog.rewind(epoch);
                unread = rewind.isPresent() ? 0 : unread + 1; // while it is replaced it may not be there for a moment
                boolean isMine = rewind.filter(one -> one.jobId().equals(jobId) && !one.isOver())
                        .isPresent();
                if (catalog.highestEpochOfJobs() != epoch || (!isMine && unread == 0) || unread > UNREAD_AT_MOST) {
                    throw new FlinkClusterException(
                            "job " + jobId + " is not begun in epoch " + epoch + ", since that was given up");
                }
                if (rewind.filter(one -> one.step() == Rewind.Step.STOPPED).isPresent()) {
                    return;
                }
                pause();
            }
        } finally {
            catalog.removePrepared(jobId);
        }
        throw new FlinkClusterException("job " + jobId + " is not begun in epoch " + epoch
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
