package io.millrace.runnerprofiles;

/**
 * A savepoint or checkpoint that a job has left.
 *
 * @param jobId the job
 * @param path where it is
 * @param startMillis when the job was started, in epoch milliseconds
 * @param endMillis when it ended, or less than 0 if it has not
 */
public record JobState(String jobId, String path, long startMillis, long endMillis) {}
