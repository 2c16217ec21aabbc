package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.io.source.OffsetRange;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Test;

public class ReadAgainTest {
    private static final Map<String, String> TOPICS = Map.of("cluster/plays", "plays");

    @Test
    public void isWhatIsBetweenTheTwoAndWasNotHadBefore() {
        ReadAgain again = again(offsets(Map.of(0, 10L, 1, 10L)), Set.of());

        assertThat(again.of("cluster/plays", 0), is(Optional.of(new OffsetRange(10, 20))));
        assertThat("had up to 15 before", again.of("cluster/plays", 1), is(Optional.of(new OffsetRange(15, 20))));
        assertThat("not known where the read began", again.of("cluster/plays", 2), is(Optional.empty()));
        assertThat(again.of("cluster/others", 0), is(Optional.empty()));
    }

    @Test
    public void resultsOfWhatWasGivenUpAreNotKnownToBeWrong() {
        ReadAgain again = again(offsets(Map.of(0, 10L, 1, 10L)), Set.of(origin(12)));

        assertThat(again.hasMade(result(11)), is(true));
        assertThat(again.hasMade(result(12)), is(false));
        assertThat(again.hasMade(result(9)), is(false));
        assertThat("it may have been held", again.mayHaveMade(result(9)), is(true));
        assertThat(again.mayHaveMade(result(20)), is(false));
    }

    @Test
    public void aPartitionThatCameToBeSinceIsReadFromItsBeginning() {
        TopicOffsets from = offsets(Map.of(0, 10L)).withPartitionsOf(offsets(Map.of(0, 20L, 1, 20L)));

        assertThat(from, is(offsets(Map.of(0, 10L, 1, 0L))));
    }

    private static ReadAgain again(TopicOffsets from, Set<Origin> givenUp) {
        return new ReadAgain(TOPICS, from, offsets(Map.of(0, 20L, 1, 20L, 2, 20L)), offsets(Map.of(1, 15L)), givenUp);
    }

    private static TopicOffsets offsets(Map<Integer, Long> ofPlays) {
        return new TopicOffsets(Map.of("plays", ofPlays));
    }

    private static ResultId result(long offset) {
        return ResultId.of(origin(offset)).madeBy("all");
    }

    private static Origin origin(long offset) {
        return new Origin("cluster/plays", 0, offset);
    }
}
