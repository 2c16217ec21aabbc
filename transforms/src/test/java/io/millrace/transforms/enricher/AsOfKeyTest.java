package io.millrace.transforms.enricher;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.junit.Test;

/** What a key keeps and what it gives; times are milliseconds. */
public class AsOfKeyTest {
    private final KeyInMemory key = new KeyInMemory(0, Lateness.FOREVER);

    @Test
    public void anElementWaitsUntilTheWatermarkHasPassedItsTime() {
        key.change(100, 1, "gold");
        key.element("e", 1_000);
        key.watermarkTo(1_000);
        assertThat(key.left(), empty());
        assertThat(key.holdsAt(), is(1_000L));

        key.change(1_000, 2, "iron");
        key.watermarkTo(1_001);
        assertThat(key.left(), contains("e@1000 iron 1000"));
        assertThat(key.holdsAt(), is(Long.MAX_VALUE));
    }

    @Test
    public void theWatermarkIsHeldByTheEarliestThatWaits() {
        key.element("second", 5_000);
        key.element("first", 2_000);
        key.element("third", 9_000);
        assertThat(key.holdsAt(), is(2_000L));

        key.watermarkTo(2_001);
        assertThat(key.left(), contains("first@2000 null 2000"));
        assertThat(key.holdsAt(), is(5_000L));

        key.watermarkTo(9_001);
        assertThat(key.left(), contains("first@2000 null 2000", "second@5000 null 5000", "third@9000 null 9000"));
        assertThat(key.isEmpty(), is(true));
    }

    @Test
    public void elementsOfOneTimeLeaveAsTheyCame() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            key.element("e" + i, 700);
            expected.add("e" + i + "@700 null 700");
        }
        key.watermarkTo(701);
        assertThat(key.left(), is(expected));
    }

    @Test
    public void ofChangesOfOneTimeTheLastHolds() {
        key.change(100, 8, "gold");
        key.change(100, 9, "iron");
        key.change(100, 7, "lead");
        key.element("e", 100);
        key.watermarkTo(101);
        assertThat(key.left(), contains("e@100 iron 100"));
    }

    @Test
    public void versionsThatNoElementCanNeedAreForgotten() {
        key.change(100, 1, "a");
        key.change(200, 2, "b");
        key.change(300, 3, "c");
        key.watermarkTo(199);
        assertThat(key.versions(), is(3));
        key.watermarkTo(200);
        assertThat(key.versions(), is(2));
        key.watermarkTo(1_000);
        assertThat(key.versions(), is(1));

        key.element("e", 2_000);
        key.watermarkTo(3_000);
        assertThat(key.left(), contains("e@2000 c 300"));
        assertThat(key.versions(), is(1));
    }

    @Test
    public void aVersionThatAWaitingElementNeedsStaysThoughTheWatermarkHasPassedTheNext() {
        key.change(100, 1, "a");
        key.element("e", 250);
        key.change(200, 2, "b");
        key.change(300, 3, "c");
        key.watermarkTo(10_000);
        assertThat(key.left(), contains("e@250 b 200"));
        assertThat(key.versions(), is(1));
    }

    @Test
    public void ofADeletedKeyNothingStays() {
        key.change(100, 1, "a");
        key.change(200, 2, null);
        key.element("before", 199);
        key.element("after", 200);
        key.watermarkTo(201);
        assertThat(key.left(), contains("before@199 a 100", "after@200 null 200"));
        assertThat(key.isEmpty(), is(true));
    }

    @Test
    public void aKeyThatWasDeletedCanComeAgain() {
        key.change(100, 1, "a");
        key.change(200, 2, null);
        key.change(300, 3, "b");
        key.element("gone", 250);
        key.element("back", 300);
        key.watermarkTo(400);
        assertThat(key.left(), contains("gone@250 null 250", "back@300 b 300"));
        assertThat(key.versions(), is(1));
    }

    @Test
    public void aDeletionOfWhatWasNeverThereIsForgottenToo() {
        key.change(200, 2, null);
        key.change(100, 1, "a");
        key.element("e", 150);
        key.watermarkTo(1_000);
        assertThat(key.left(), contains("e@150 a 100"));
        assertThat(key.isEmpty(), is(true));
    }

    @Test
    public void aValueThatIsNotRenewedHoldsForItsTimeToLive() {
        KeyInMemory key = new KeyInMemory(0, 1_000);
        key.change(100, 1, "a");
        key.change(900, 2, "b");
        key.element("renewed", 1_500);
        key.element("last", 1_900);
        key.element("over", 1_901);
        key.watermarkTo(1_901);
        key.watermarkTo(1_902);
        assertThat(key.left(), contains("renewed@1500 b 900", "last@1900 b 900", "over@1901 null 1901"));
        assertThat(key.isEmpty(), is(true));
    }

    @Test
    public void anElementThatComesLaterThanAllowedIsRefused() {
        key.change(100, 1, "a");
        key.watermarkTo(500);
        key.element("late", 499);
        key.element("on time", 500);
        key.watermarkTo(501);
        assertThat(key.left(), contains("late@499 late", "on time@500 a 100"));
    }

    @Test
    public void anElementWithinTheAllowedLatenessHasTheValueOfItsTimeAtOnce() {
        KeyInMemory key = new KeyInMemory(300, Lateness.FOREVER);
        key.change(100, 1, "a");
        key.change(250, 2, "b");
        key.change(400, 3, "c");
        key.watermarkTo(500);
        assertThat(key.versions(), is(3));
        key.element("late", 200);
        key.element("later", 300);
        key.element("too late", 199);
        assertThat(key.left(), contains("late@200 a 100", "later@300 b 250", "too late@199 late"));
        key.watermarkTo(700);
        assertThat(key.versions(), is(1));
    }

    @Test
    public void aChangeBehindTheWatermarkNeverTakesThePlaceOfANewerOne() {
        key.change(300, 3, "c");
        key.watermarkTo(500);
        key.change(200, 2, "b");
        key.element("e", 600);
        key.watermarkTo(700);
        assertThat(key.left(), contains("e@600 c 300"));

        key.change(400, 4, "d");
        key.element("f", 800);
        key.watermarkTo(900);
        assertThat(key.left().get(1), is("f@800 d 400"));
        assertThat(key.versions(), is(1));
    }

    @Test
    public void aChangeBehindTheWatermarkIsPutWhereElementsMayNeedIt() {
        KeyInMemory key = new KeyInMemory(300, Lateness.FOREVER);
        key.change(100, 1, "a");
        key.change(400, 3, "c");
        key.watermarkTo(500);
        key.change(300, 2, "b");
        key.element("e", 350);
        key.element("f", 250);
        assertThat(key.left(), contains("e@350 b 300", "f@250 a 100"));
    }

    @Test
    public void whatWasForgottenBeforeARestartIsNotGuessed() {
        key.change(100, 1, "a");
        key.change(200, 2, "b");
        key.watermarkTo(500);
        key.restart();
        key.element("unknown", 150);
        key.element("known", 200);
        key.watermarkTo(500);
        assertThat(key.left(), contains("unknown@150 late", "known@200 b 200"));
    }

    @Test
    public void aChangelogThatIsReadAgainChangesNothing() {
        key.change(100, 1, "a");
        key.change(200, 2, "b");
        key.change(300, 3, "c");
        key.watermarkTo(250);
        key.restart();
        key.change(100, 1, "a");
        key.change(200, 2, "b");
        key.change(300, 3, "c");
        key.element("e", 260);
        key.element("f", 310);
        key.watermarkTo(1_000);
        assertThat(key.left(), contains("e@260 b 200", "f@310 c 300"));
        assertThat(key.versions(), is(1));
    }

    @Test
    public void ofManyVersionsOnlyThatIsReadWhichIsInForce() {
        KeyInMemory key = new KeyInMemory(100_000, Lateness.FOREVER);
        for (int i = 1; i <= 1_000; i++) {
            key.change(i * 10, i, "v" + i);
        }
        key.watermarkTo(10_000);
        key.element("late", 5_005);
        key.element("again", 9_999);
        assertThat(key.left(), contains("late@5005 v500 5000", "again@9999 v999 9990"));
        assertThat(key.valuesRead(), is(2));
        assertThat(key.listings(), is(0));
    }

    @Test
    public void versionsOfASlotOfTimeAreForgottenTogether() {
        for (int i = 0; i < 2_048; i++) {
            key.change(i, i, "v" + i);
        }
        for (int i = 0; i < 2_048; i++) {
            key.watermarkTo(i);
        }
        assertThat(key.timesForgotten(), is(4)); // for the first at once, and then at the end of each slot
        assertThat(key.versions(), is(512));
        key.watermarkTo(2_048);
        assertThat(key.versions(), is(1));
    }

    @Test
    public void ofElementsThatCameInOrderOnlyThoseAreReadThatLeaveAndTheNext() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            key.element("e" + i, i);
            expected.add("e" + i + "@" + i + " null " + i);
        }
        for (int i = 0; i <= 1_999; i++) {
            key.watermarkTo(i);
        }
        assertThat(key.elementsRead(), is(1_999 + 1_999 - 3)); // the next of a slot that is done is that of another
        assertThat(key.listings(), is(0));
        key.watermarkTo(2_000);
        assertThat(key.left(), is(expected));
        assertThat(key.isEmpty(), is(true));
    }

    @Test
    public void elementsOfOneSlotInDisorderLeaveInOrderWhileOthersCome() {
        key.element("c", 300);
        key.element("a", 100);
        key.element("b", 200);
        key.element("b too", 200);
        key.watermarkTo(201);
        assertThat(key.left(), contains("a@100 null 100", "b@200 null 200", "b too@200 null 200"));
        key.element("before c", 250);
        key.element("d", 400);
        assertThat(key.holdsAt(), is(250L));
        key.watermarkTo(401);
        assertThat(key.left().subList(3, 6), contains("before c@250 null 250", "c@300 null 300", "d@400 null 400"));
        assertThat(key.isEmpty(), is(true));
    }

    @Test
    public void slotsBehindAGapAreFound() {
        key.element("first", -5_000);
        key.element("far", 90_000);
        key.element("near", 2_000);
        key.watermarkTo(3_000);
        assertThat(key.left(), contains("first@-5000 null -5000", "near@2000 null 2000"));
        assertThat(key.holdsAt(), is(90_000L));
        key.watermarkTo(90_001);
        assertThat(key.isEmpty(), is(true));
    }

    @Test
    public void aTimeToLiveThatIsGivenLaterHoldsForValuesThatAreThere() {
        key.change(100, 1, "a");
        key.restartWith(1_000);
        key.element("holds", 1_100);
        key.element("over", 1_101);
        key.watermarkTo(1_200);
        assertThat(key.left(), contains("holds@1100 a 100", "over@1101 null 1101"));
        assertThat(key.isEmpty(), is(true));
    }

    @Test
    public void allLeaveAtTheEnd() {
        key.change(100, 1, "a");
        key.element("late", 90_000);
        key.element("early", 100);
        key.element("last", GlobalWindow.INSTANCE.maxTimestamp().getMillis());
        key.end();
        assertThat(
                key.left(),
                contains(
                        "early@100 a 100",
                        "late@90000 a 100",
                        "last@" + GlobalWindow.INSTANCE.maxTimestamp().getMillis() + " a 100"));
    }

    @Test
    public void whateverTheOrderTheValueIsThatOfTheTime() {
        for (int seed = 0; seed < 300; seed++) {
            assertAsOf(new Random(seed), seed);
        }
    }

    /** Elements and changes in disorder, and a watermark that stays behind what is still to come. */
    private static void assertAsOf(Random random, int seed) {
        long lateness = random.nextInt(3) * 200L;
        long timeToLive = random.nextBoolean() ? Lateness.FOREVER : 1_500;
        KeyInMemory key = new KeyInMemory(lateness, timeToLive);
        TreeMap<Moment, Change<String>> table = new TreeMap<>();
        List<long[]> steps = new ArrayList<>(); // {when it comes, its time, 0 for an element and else its sequence}
        for (int i = 1; i <= 60; i++) {
            long time = random.nextInt(5_000);
            boolean isChange = random.nextInt(3) == 0;
            steps.add(new long[] {time + random.nextInt(1_000), time, isChange ? i : 0});
        }
        steps.sort(Comparator.comparingLong(step -> step[0]));
        List<Long> times = new ArrayList<>();
        for (long[] step : steps) {
            if (step[2] == 0) {
                key.element("e", step[1]);
                times.add(step[1]);
            } else {
                String value = random.nextInt(4) == 0 ? null : "v" + step[2];
                key.change(step[1], step[2], value);
                table.put(new Moment(step[1], step[2]), new Change<>(value, step[2]));
            }
            if (random.nextInt(3) == 0) {
                key.watermarkTo(step[0] - 1_000);
            }
        }
        key.watermarkTo(100_000);

        List<String> expected = times.stream()
                .sorted()
                .map(time -> expected(table, time, timeToLive))
                .toList();
        assertThat("seed " + seed, key.left(), is(expected));
    }

    private static String expected(TreeMap<Moment, Change<String>> table, long time, long timeToLive) {
        var entry = table.floorEntry(new Moment(time, Long.MAX_VALUE));
        boolean holds = entry != null
                && entry.getValue().value() != null
                && time - entry.getKey().time() <= timeToLive;
        return holds
                ? "e@" + time + " " + entry.getValue().value() + " "
                        + entry.getKey().time()
                : "e@" + time + " null " + time;
    }
}
