package io.millrace.testfixtures;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import org.junit.Test;
import org.junit.runner.Description;

public class TestNamesTest {

    private static final Description METHOD = Description.createTestDescription("io.x.JoinTest", "holds[0: a_b]");

    @Test
    public void aNameSaysWhichTestItBelongsTo() {
        assertThat(TestNames.unique(METHOD, "Plays"), matchesPattern("jointest-holds-0-a-b-plays-[0-9]+"));
        assertThat(
                TestNames.unique(Description.createSuiteDescription("io.x.JoinTest"), "plays"),
                matchesPattern("jointest-plays-[0-9]+"));
    }

    @Test
    public void noNameIsGivenTwice() {
        assertThat(TestNames.unique(METHOD, "plays"), not(equalTo(TestNames.unique(METHOD, "plays"))));
    }

    @Test
    public void aLongTestNameIsCut() {
        Description description = Description.createTestDescription("io.x.JoinTest", "x".repeat(300));
        assertThat(TestNames.unique(description, "plays"), matchesPattern("jointest-x{51}-plays-[0-9]+"));
    }
}
