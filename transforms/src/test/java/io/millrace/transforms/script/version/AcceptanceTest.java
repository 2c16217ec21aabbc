package io.millrace.transforms.script.version;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.script.ScriptLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/** What a version's tests may cost those who decide on it. */
public class AcceptanceTest {
    private static final String ENDLESS = "function map(event) { while (event) {} return event }";
    private static final String MAP = "function map(event) { return event }";
    private static final String TEST = "{\"event\": {}, \"expect\": {}}";

    private final Acceptance acceptance = new Acceptance("javascript", null, ScriptLimits.DEFAULT);

    /** A processor that has worked four seconds more whenever it is asked. */
    @Test
    public void allTestsTogetherHaveTenSeconds() {
        List<ScriptTest> tests = ControlRecord.parseTests("[" + (TEST + ",").repeat(4) + TEST + "]");
        ControlRecord control =
                ControlRecord.ofSource("v1", MAP, Instant.EPOCH, "ann").withTests(tests);
        AtomicLong seconds = new AtomicLong();
        Acceptance slow = new Acceptance(
                "javascript", null, ScriptLimits.DEFAULT, () -> TimeUnit.SECONDS.toNanos(seconds.getAndAdd(4)));

        assertThat(
                assertThrows(ControlRecordException.class, () -> slow.check(slow.script(MAP), control))
                        .problems(),
                is(List.of("tests must take at most 10 s of processor time together, but took longer")));
        assertThat(seconds.get(), is(16L));
    }

    @Test
    public void afterATestThatDoesNotEndNoOtherIsRun() {
        List<ScriptTest> tests = ControlRecord.parseTests("[" + (TEST + ",").repeat(99) + TEST + "]");
        ControlRecord control =
                ControlRecord.ofSource("v1", ENDLESS, Instant.EPOCH, "ann").withTests(tests);
        long begun = System.nanoTime();

        List<String> problems = assertThrows(
                        ControlRecordException.class, () -> acceptance.check(acceptance.script(ENDLESS), control))
                .problems();

        assertThat(problems.size(), is(1));
        assertThat(problems.get(0).startsWith("tests[0] must give {}, but failed: "), is(true));
        assertThat(System.nanoTime() - begun, is(lessThan(Duration.ofSeconds(60).toNanos())));
    }
}
