package io.millrace.pipelines.rewind;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.rewind.RestorePoint.Kind;
import io.millrace.pipelines.rewind.Rewind.Step;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.runnerprofiles.StateFolder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Which points are of a job's past. Hours stand for points: the job of epoch 0 is {@code a}, that of 1 {@code b}, that of 2 {@code c}. */
public class HistoryTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-01-31T00:00:00Z");
    private static final RestorePoint A9 = point("a", 9);
    private static final RestorePoint A11 = point("a", 11);
    private static final RestorePoint A12 = point("a", 12);
    private static final RestorePoint B13 = point("b", 13);
    private static final RestorePoint B14 = point("b", 14);
    private static final RestorePoint C15 = point("c", 15);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Catalog catalog;

    @Before
    public void catalog() {
        catalog = Catalog.of("plays", StateFolder.at(folder.getRoot().toURI().toString()));
        List.of("a", "b", "c")
                .forEach(id -> catalog.add(new Restorable(
                        id, MIDNIGHT, "1.19.3", Map.of(JobOptions.EPOCH, Integer.toString(id.charAt(0) - 'a')))));
    }

    private static RestorePoint point(String jobId, int hour) {
        return new RestorePoint(
                jobId,
                hour,
                Kind.SAVEPOINT,
                "file:/savepoints/" + jobId + hour,
                MIDNIGHT.plusSeconds(3600L * hour),
                null,
                null,
                TopicOffsets.NONE,
                0,
                List.of());
    }

    private static Rewind rewind(long epoch, RestorePoint point, RestorePoint undo, Step step) {
        return new Rewind(
                epoch,
                point.at(),
                epoch == 2,
                point,
                "before",
                undo,
                A12.offsets(),
                "{}",
                "state",
                "lineage",
                "job",
                step);
    }

    private List<RestorePoint> past() {
        History history = History.of(catalog);
        return Stream.of(A9, A11, A12, B13, B14, C15).filter(history::has).toList();
    }

    @Test
    public void aJobThatWasNeverRewoundHasAllItsPoints() {
        assertThat(past(), contains(A9, A11, A12, B13, B14, C15));
    }

    @Test
    public void whatWasRewoundIsNoPast() {
        catalog.add(rewind(1, A9, A12, Step.DONE));

        assertThat(past(), contains(A9, B13, B14, C15));
    }

    @Test
    public void whatWasUndoneBeforeItBeganWasNever() {
        catalog.add(rewind(1, A9, A12, Step.DONE));
        catalog.add(rewind(2, A12, B14, Step.DONE));

        assertThat(past(), contains(A9, A11, A12, C15));
    }

    @Test
    public void anUndoThatMakesAllSinceThePointAgainComesFromThatPoint() {
        catalog.add(rewind(1, A9, A12, Step.DONE));
        catalog.add(rewind(2, A9, B14, Step.DONE));

        assertThat(past(), contains(A9, C15));
    }

    @Test
    public void whatIsRewoundTwiceIsThePastOfBoth() {
        catalog.add(rewind(1, A11, A12, Step.DONE));
        catalog.add(rewind(2, B13, B14, Step.DONE));

        assertThat(past(), contains(A9, A11, B13, C15));
    }

    @Test
    public void aRewindThatIsNotDoneChangesNothing() {
        catalog.add(rewind(1, A9, A12, Step.STOPPED));
        assertThat(past(), hasItems(A9, A11, A12));

        catalog.add(rewind(1, A9, A12, Step.GIVEN_UP));
        assertThat(past(), hasItems(A9, A11, A12));
        assertThat("its epoch is used up", catalog.highestEpoch(), is(1L));
    }

    @Test
    public void aRewindThatBrokeOffWhenItsJobHadBegunIsOne() {
        catalog.add(new Restorable("job", MIDNIGHT, "1.19.3", Map.of()));
        catalog.add(rewind(1, A9, A12, Step.STOPPED));

        assertThat(past(), contains(A9, B13, B14, C15));
    }

    @Test
    public void anEpochOfAStartOrAnUpgradeIsThatOfTheRewindBefore() {
        catalog.add(rewind(1, A9, A12, Step.GIVEN_UP));
        catalog.addEpoch(2);

        assertThat("there was none", past(), contains(A9, A11, A12, B13, B14, C15));
        assertThat(catalog.highestEpoch(), is(2L));
    }

    @Test
    public void aRewindIsReadAgainAsItWas() {
        Rewind first = rewind(9, A9, null, Step.PLANNED);
        Rewind last = rewind(10, A9, A12, Step.DONE);
        catalog.add(last);
        catalog.add(first);

        assertThat(catalog.rewinds(), contains(last, first));
    }
}
