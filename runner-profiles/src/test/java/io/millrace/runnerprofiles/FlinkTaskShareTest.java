package io.millrace.runnerprofiles;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.OptionalDouble;
import org.junit.Test;

public class FlinkTaskShareTest {

    @Test
    public void isOneOfAsManyAsTheStepHas() {
        assertThat(FlinkTaskShare.find("look up (1/1)#0"), is(OptionalDouble.of(1)));
        assertThat(FlinkTaskShare.find("a (b) -> {c (1/2), d} (3/4)#12"), is(OptionalDouble.of(0.25)));
        assertThat(FlinkTaskShare.find("a\nb (10/16)#1"), is(OptionalDouble.of(0.0625)));
    }

    @Test
    public void isNotKnownInOtherThreads() {
        assertThat(FlinkTaskShare.find("main"), is(OptionalDouble.empty()));
        assertThat(FlinkTaskShare.find("direct-runner-worker"), is(OptionalDouble.empty()));
    }
}
