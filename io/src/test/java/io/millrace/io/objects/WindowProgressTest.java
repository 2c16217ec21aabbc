package io.millrace.io.objects;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.Test;

public class WindowProgressTest {
    @Test
    public void anEventInTimeWaitsForTheEndOfTheWindow() {
        assertThat(WindowProgress.beginning(false).received(), is(new WindowProgress(false, true, false, false, 0)));
    }

    @Test
    public void aLateEventAsksForARewriteOnceForAllThatComeUntilThen() {
        WindowProgress late =
                WindowProgress.beginning(false).received().written(1).ending().received();

        assertThat(late, is(new WindowProgress(true, true, true, false, 1)));
        assertThat(late.received(), is(late));
    }

    @Test
    public void afterARewriteNothingIsPending() {
        WindowProgress late = WindowProgress.beginning(true).received();

        assertThat(late.written(3), is(new WindowProgress(true, false, false, false, 3)));
    }

    @Test
    public void whatCouldNotBeWrittenAtTheEndIsToBeWrittenSoon() {
        WindowProgress unwritten = WindowProgress.beginning(false).received().ending();

        assertThat(unwritten, is(new WindowProgress(true, true, true, false, 0)));
    }

    @Test
    public void aClosedWindowIsCompleteWhenItIsWritten() {
        WindowProgress closed =
                WindowProgress.beginning(false).received().ending().closing();

        assertThat(closed, is(new WindowProgress(true, true, true, true, 0)));
        assertThat(closed.isComplete(), is(false));
        assertThat(closed.written(1).isComplete(), is(true));
    }
}
