package io.millrace.transforms.event;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;

public class ResultIdTest {
    private static final Origin PLAY = new Origin("MkU3OEVBNTcwNTJENDM2Qg/play_events@2", 3, 4711);

    @Test
    public void namesOriginStepAndOrdinal() {
        assertThat(
                ResultId.of(PLAY).madeBy("long-plays").toString(),
                is("MkU3OEVBNTcwNTJENDM2Qg/play_events@2:3:4711;long-plays;0"));
    }

    @Test
    public void joinsOriginsByPlus() {
        ResultId joined = new ResultId(List.of(PLAY, new Origin("a", 0, 9)), "join", 1);

        assertThat(joined.toString(), is("MkU3OEVBNTcwNTJENDM2Qg/play_events@2:3:4711+a:0:9;join;1"));
    }

    @Test
    public void encodesWhatWouldBeAmbiguous() {
        ResultId id = new ResultId(List.of(new Origin("a:1;b+c %ü", 0, 0)), "s;0", 0);

        assertThat(id.toString(), is("a%3A1%3Bb%2Bc%20%25%C3%BC:0:0;s%3B0;0"));
    }

    @Test
    public void readsItsOwnText() {
        for (ResultId id : List.of(
                ResultId.of(PLAY),
                ResultId.of(PLAY).madeBy("script", 12),
                new ResultId(List.of(PLAY, new Origin("a:1;b+c %ü", 7, Long.MAX_VALUE)), "s;0", 3))) {
            assertThat(ResultId.parse(id.toString()), equalTo(id));
        }
    }

    @Test
    public void differsByStepAndOrdinal() {
        assertThat(ResultId.of(PLAY).madeBy("a"), not(ResultId.of(PLAY).madeBy("b")));
        assertThat(ResultId.of(PLAY).madeBy("a", 1), not(ResultId.of(PLAY).madeBy("a", 2)));
    }

    @Test
    public void refusesATextOfAnotherForm() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> ResultId.parse("plays:3:4711"));

        assertThat(
                refused.getMessage(),
                is("result id must be <stream>:<partition>:<offset>;<step>;<ordinal>, but was plays:3:4711"));
    }

    @Test
    public void refusesAnOriginThatCannotBe() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new Origin("plays", -1, 0));

        assertThat(refused.getMessage(), is("partition must be at least 0, but was -1"));
    }
}
