package io.millrace.benchmarks.race;

import io.millrace.testfixtures.Eventually;
import java.time.Duration;

/** What a job takes in a second while it works off a backlog, once its compilers are quiet. */
public final class FullRate {
    private static final Duration COUNTED = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private FullRate() {}

    /** The events that a job reads in a second, of which so many were there when it started. */
    public static double of(ContenderProcess job, long backlog) {
        Eventually.within(PATIENCE).until("a first event", () -> job.sample().eventsRead() > 0);
        Compilers compilers = new Compilers();
        Sample sample = job.sample();
        while (!compilers.areQuiet() && sample.eventsRead() < backlog / 2) {
            job.work(Race.TURN);
            sample = job.sample();
            compilers.turn(sample);
        }
        long start = System.nanoTime();
        job.work(COUNTED);
        long read = job.sample().eventsRead() - sample.eventsRead();
        return read / ((System.nanoTime() - start) / 1e9);
    }
}
