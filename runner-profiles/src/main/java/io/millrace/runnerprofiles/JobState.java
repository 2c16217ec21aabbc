package io.millrace.runnerprofiles;

/**
 * A savepoint or checkpoint that a job has left.
 *
 * @param jobId the job
 * @param path where it is
 */
public record JobState(String jobId, String path) {}
