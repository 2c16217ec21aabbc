package io.millrace.transforms.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.sameInstance;

import org.junit.Test;

/** Headers that replace others, and those that are left out. */
public class HeadersTest {
    private static final Headers GIVEN =
            Headers.builder().add("a", "1").add("b", "2").add("a", "3").build();

    @Test
    public void oneReplacesAllOfItsName() {
        assertThat(
                GIVEN.with("a", "4".getBytes(UTF_8)),
                is(Headers.builder().add("b", "2").add("a", "4").build()));
        assertThat(
                GIVEN.with("c", null),
                is(Headers.builder()
                        .add("a", "1")
                        .add("b", "2")
                        .add("a", "3")
                        .add("c", (byte[]) null)
                        .build()));
        assertThat(
                Headers.empty().with("a", "4".getBytes(UTF_8)),
                is(Headers.builder().add("a", "4").build()));
    }

    @Test
    public void allOfANameAreLeftOut() {
        assertThat(GIVEN.without("a"), is(Headers.builder().add("b", "2").build()));
        assertThat(GIVEN.without("b").without("a"), is(Headers.empty()));
        assertThat(GIVEN.without("c"), is(sameInstance(GIVEN)));
    }

    @Test
    public void theGivenOnesStayAsTheyAre() {
        GIVEN.with("a", "4".getBytes(UTF_8));
        GIVEN.without("a");

        assertThat(
                GIVEN,
                is(Headers.builder().add("a", "1").add("b", "2").add("a", "3").build()));
    }
}
