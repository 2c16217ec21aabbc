package io.millrace.runnerprofiles;

/**
 * A job that a cluster remembers.
 *
 * @param id its id
 * @param name its name
 * @param startMillis when it was started, in epoch milliseconds
 * @param runs whether it has not ended, and is not about to
 * @param begins whether it is being started, so that it is not yet known with which state
 * @param hasEnded whether it has ended for good
 */
public record RememberedJob(String id, String name, long startMillis, boolean runs, boolean begins, boolean hasEnded) {}
