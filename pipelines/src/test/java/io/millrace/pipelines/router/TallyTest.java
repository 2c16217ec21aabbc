package io.millrace.pipelines.router;

import static io.millrace.pipelines.router.AuditFigure.DEAD_LETTERED;
import static io.millrace.pipelines.router.AuditFigure.DROPPED;
import static io.millrace.pipelines.router.AuditFigure.EXPECTED;
import static io.millrace.pipelines.router.AuditFigure.FOREIGN;
import static io.millrace.pipelines.router.AuditFigure.HELD;
import static io.millrace.pipelines.router.AuditFigure.MISSING;
import static io.millrace.pipelines.router.AuditFigure.REPEATED;
import static io.millrace.pipelines.router.AuditFigure.SUPERSEDED;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.millrace.io.sink.Held;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.Test;

/** What is said of one key, by what should be there and what is. */
public class TallyTest {

    @Test
    public void whatIsThereAsItShouldBeIsHeld() {
        says(Map.of(EXPECTED, 1L, HELD, 1L), required("a"), held());
        says(Map.of(EXPECTED, 2L, HELD, 2L), required("a"), required("b"), held(), held());
    }

    @Test
    public void whatIsNotThereIsMissingUnlessItIsADeadLetter() {
        says(Map.of(EXPECTED, 1L, MISSING, 1L), required("a"));
        says(Map.of(EXPECTED, 1L, DEAD_LETTERED, 1L), deadLettered("a"));
        says(Map.of(EXPECTED, 1L, HELD, 1L), deadLettered("a"), held());
        says(Map.of(EXPECTED, 2L, HELD, 1L, DEAD_LETTERED, 1L), required("a"), deadLettered("b"), held());
    }

    @Test
    public void whatIsThereMoreOftenIsRepeatedAndWhatNobodyExpectsIsForeign() {
        says(Map.of(EXPECTED, 1L, HELD, 1L, REPEATED, 2L), required("a"), held(), held(), held());
        says(Map.of(FOREIGN, 2L), held(), dropped());
    }

    @Test
    public void whatAReaderDropsIsHarmlessWhereItHasSeenOne() {
        says(Map.of(EXPECTED, 1L, HELD, 1L, DROPPED, 2L), required("a"), held(), dropped(), dropped());
        says(Map.of(EXPECTED, 1L, MISSING, 1L, DROPPED, 1L), required("a"), dropped(), dropped());
    }

    @Test
    public void whatAReaderDropsAndNobodyExpectsIsNotForeign() {
        says(Map.of(DROPPED, 2L), dropped(), dropped());
    }

    @Test
    public void ofSeveralEpochsTheNewestCounts() {
        says(Map.of(EXPECTED, 1L, HELD, 1L, DROPPED, 1L), required("a"), inEpoch(0), inEpoch(1));
        says(Map.of(EXPECTED, 1L, HELD, 1L, DROPPED, 1L), required("a"), inEpoch(1), dropped());
        says(
                Map.of(EXPECTED, 1L, HELD, 1L, DROPPED, 1L, REPEATED, 1L),
                required("a"),
                inEpoch(1),
                inEpoch(0),
                inEpoch(1));
        says(Map.of(FOREIGN, 2L), inEpoch(0), inEpoch(1));
    }

    @Test
    public void whatIsRetractedIsNotThereUntilItIsMadeAgain() {
        says(Map.of(DROPPED, 1L), inEpoch(0), retractedInEpoch(1));
        says(Map.of(EXPECTED, 1L, MISSING, 1L), required("a"), inEpoch(0), retractedInEpoch(1));
        says(Map.of(EXPECTED, 1L, DEAD_LETTERED, 1L), deadLettered("a"), inEpoch(0), retractedInEpoch(1));
        says(Map.of(EXPECTED, 1L, HELD, 1L, DROPPED, 1L), required("a"), inEpoch(0), retractedInEpoch(1), inEpoch(2));
        says(Map.of(EXPECTED, 1L, HELD, 1L, DROPPED, 1L), required("a"), retractedInEpoch(1), inEpoch(0), inEpoch(1));
        says(Map.of(FOREIGN, 1L), inEpoch(0));
    }

    @Test
    public void theNewestOfAKeyCounts() {
        says(Map.of(EXPECTED, 3L, HELD, 1L, SUPERSEDED, 2L), required(1), required(3), required(2), held(3));
        says(Map.of(EXPECTED, 2L, MISSING, 1L, SUPERSEDED, 1L), required(1), required(3), held(1));
        says(Map.of(EXPECTED, 2L, MISSING, 1L, SUPERSEDED, 1L), required(1), required(3));
        says(Map.of(EXPECTED, 1L, SUPERSEDED, 1L, FOREIGN, 1L), required(1), held(2));
        says(Map.of(FOREIGN, 1L), held(2));
    }

    @Test
    public void aKeyWhoseNewestIsADeadLetterMayHaveThatOrTheOneBefore() {
        says(Map.of(EXPECTED, 2L, HELD, 1L, DEAD_LETTERED, 1L), required(1), deadLettered(3), held(1));
        says(Map.of(EXPECTED, 2L, HELD, 1L, SUPERSEDED, 1L), required(1), deadLettered(3), held(3));
        says(Map.of(EXPECTED, 2L, MISSING, 1L, DEAD_LETTERED, 1L), required(1), deadLettered(3));
        says(Map.of(EXPECTED, 1L, DEAD_LETTERED, 1L), deadLettered(3));
        says(Map.of(EXPECTED, 1L, HELD, 1L), deadLettered(3), held(3));
    }

    @Test
    public void aKeyWhoseNewestIsADeletionHasNoDocument() {
        Tally deletion = Tally.ofRequired(Held.newest("key", 3, "3").deleted());
        says(Map.of(EXPECTED, 2L, HELD, 1L, SUPERSEDED, 1L), required(1), deletion);
        says(Map.of(EXPECTED, 2L, MISSING, 1L, SUPERSEDED, 1L), required(1), deletion, held(1));
    }

    @Test
    public void namesWhatIsMissingAndWhereItIsInstead() throws CoderException {
        AuditFigures figures = new AuditFigures();
        required(3).and(held(1)).addTo(figures);
        required("a").and(dropped()).addTo(figures);
        required("b").addTo(figures);
        required("c").and(retractedInEpoch(1)).addTo(figures);

        assertThat(
                figures.samples(MISSING),
                contains(
                        "3, in whose place is document of 1",
                        "a, which is at place, behind later ones, where a reader drops it",
                        "b",
                        "c, which is retracted at place"));
    }

    @Test
    public void isReadAsItWasWritten() throws CoderException {
        Tally tally = required(3).and(deadLettered(2)).and(held(3));

        assertThat(
                CoderUtils.decodeFromByteArray(Tally.CODER, CoderUtils.encodeToByteArray(Tally.CODER, tally)),
                is(tally));
    }

    private static void says(Map<AuditFigure, Long> expected, Tally... parts) {
        AuditFigures figures = new AuditFigures();
        Stream.of(parts).reduce(Tally::and).orElseThrow().addTo(figures);
        Map<AuditFigure, Long> counted = new EnumMap<>(AuditFigure.class);
        for (AuditFigure figure : AuditFigure.values()) {
            if (figures.count(figure) != 0) {
                counted.put(figure, figures.count(figure));
            }
        }
        assertThat(counted, is(expected));
    }

    private static Tally required(String name) {
        return Tally.ofRequired(Held.each("key", name));
    }

    private static Tally required(long version) {
        return Tally.ofRequired(Held.newest("key", version, String.valueOf(version)));
    }

    private static Tally deadLettered(String name) {
        return Tally.ofDeadLettered(Held.each("key", name));
    }

    private static Tally deadLettered(long version) {
        return Tally.ofDeadLettered(Held.newest("key", version, String.valueOf(version)));
    }

    private static Tally held() {
        return Tally.ofHeld(Held.each("key", "place"));
    }

    private static Tally held(long version) {
        return Tally.ofHeld(Held.newest("key", version, "document of " + version));
    }

    private static Tally inEpoch(long epoch) {
        return Tally.ofHeld(Held.newest("key", epoch, "place"));
    }

    private static Tally retractedInEpoch(long epoch) {
        return Tally.ofHeld(Held.newest("key", epoch, "place").deleted());
    }

    private static Tally dropped() {
        return Tally.ofHeld(Held.each("key", "place").dropped());
    }
}
