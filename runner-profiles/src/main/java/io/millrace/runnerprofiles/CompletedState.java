package io.millrace.runnerprofiles;

/**
 * A savepoint or checkpoint that a job has completed, as its cluster remembers it.
 *
 * @param id its number among the job's checkpoints and savepoints
 * @param isSavepoint whether it is a savepoint
 * @param path where it is
 * @param triggeredMillis when it was begun, in epoch milliseconds
 */
public record CompletedState(long id, boolean isSavepoint, String path, long triggeredMillis) {}
