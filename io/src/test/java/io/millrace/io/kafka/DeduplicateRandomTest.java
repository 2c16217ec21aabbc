package io.millrace.io.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.Test;

/**
 * A consumer that follows {@link Deduplicate} holds the final results and nothing else, whatever became of the jobs that wrote them: {@link RewoundJobs} fail, are taken back and
 * undone, replay dead letters, and go on writing when they should be dead.
 */
public class DeduplicateRandomTest {
    private static final int HISTORIES = 2_000;

    @Test
    public void aConsumerHoldsTheFinalResultsOfRoutesInOrder() {
        for (long seed = 0; seed < HISTORIES; seed++) {
            assertHoldsTheFinalResults(new RewoundJobs(seed, true), seed);
        }
    }

    @Test
    public void aConsumerHoldsTheFinalResultsOfRoutesThatKeepNoOrder() {
        for (long seed = 0; seed < HISTORIES; seed++) {
            assertHoldsTheFinalResults(new RewoundJobs(seed, false), seed);
        }
    }

    private static void assertHoldsTheFinalResults(RewoundJobs jobs, long seed) {
        jobs.run();
        assertThat("seed " + seed + ":\n" + jobs.story(), jobs.held(), is(jobs.finalResults()));
    }
}
