package io.millrace.pipelines.router;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.OptionalInt;
import org.junit.Test;

/** How much is read at a time: between two elements of a source there is room for a checkpoint. */
public class SourcesTest {

    @Test
    public void asMuchAsThereIsWhereNothingWaits() {
        assertThat(Sources.atATime(null, false), is(OptionalInt.empty()));
        assertThat(Sources.atATime(1e6, false), is(OptionalInt.of(1_000)));
    }

    @Test
    public void whatMayGoInATenthOfASecondWhereThereIsARate() {
        assertThat(Sources.atATime(5_000.0, false), is(OptionalInt.of(500)));
        assertThat(Sources.atATime(100.0, false), is(OptionalInt.of(10)));
        assertThat(Sources.atATime(0.5, false), is(OptionalInt.of(1)));
    }

    @Test
    public void fewWhereAnswersAreWaitedFor() {
        assertThat(Sources.atATime(null, true), is(OptionalInt.of(10)));
        assertThat(Sources.atATime(5_000.0, true), is(OptionalInt.of(10)));
        assertThat(Sources.atATime(20.0, true), is(OptionalInt.of(2)));
    }
}
