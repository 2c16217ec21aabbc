package io.millrace.transforms.joiner;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.millrace.testfixtures.join.JoinCase.Arrival;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;

/** What a key keeps, and how often it looks through it; times are milliseconds, and a left element waits for 1,000 of them. */
public class JoinKeyTest {
    private static final int SMALL_PAGE = 40;
    private static final Rules.Limits NO_LIMITS = new Rules.Limits(1_000_000, 1 << 30);

    private static JoinKeyInMemory key(JoinType type) {
        return key(new Bounds(1_000, 0, 0, 0, 0), type, NO_LIMITS);
    }

    private static JoinKeyInMemory key(Bounds bounds, JoinType type, Rules.Limits limits) {
        return new JoinKeyInMemory("k", new Rules<>(bounds, type, Attribution.all(), false, false, limits), SMALL_PAGE);
    }

    private static void left(JoinKeyInMemory key, long time, String name) {
        key.take(new Arrival(true, "k", time, name));
    }

    private static void right(JoinKeyInMemory key, long time, String name) {
        key.take(new Arrival(false, "k", time, name));
    }

    private static String names(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "l" + i).collect(Collectors.joining("+"));
    }

    @Test
    public void anElementIsAddedWithoutALookAtTheOthers() {
        JoinKeyInMemory key = key(JoinType.FULL_OUTER);
        for (int i = 1; i <= Page.FEW / 2; i++) {
            left(key, i, "l" + i);
            right(key, i, "r" + i);
        }
        assertThat(key.pagesRead(), is(0));
        assertThat(key.entries(), is(Page.FEW));
        key.watermarkTo(2);
        assertThat(key.pagesRead(), greaterThan(0));
        assertThat(key.results(), contains("joined k r1@1 [l1]"));
    }

    @Test
    public void aKeyThatIsAloneInItsShardSetsFourTimersWhereLeftOnesAreNotGivenOut() {
        JoinKeyInMemory key = key(JoinType.INNER);
        for (int i = 1; i <= 10; i++) {
            left(key, i * 10, "l" + i);
            key.watermarkTo(i * 10);
        }
        right(key, 100, "r");
        assertThat(key.timersSet(), is(2));
        for (int time = 101; time <= 1_101; time++) {
            key.watermarkTo(time);
        }
        assertThat(key.results(), contains("joined k r@100 [" + names(1, 10) + "]"));
        assertThat(
                key.timersSet(),
                is(4)); // for the first left one, the right one, the first left one again, the last one
        assertThat(key.isEmpty(), is(true));
    }

    @Test
    public void whereLeftOnesAreGivenOutEachSetsATimerThatIsNotCredited() {
        JoinKeyInMemory key = key(JoinType.LEFT_OUTER);
        for (int i = 1; i <= 10; i++) {
            left(key, i * 10, "l" + i);
            key.watermarkTo(i * 10);
        }
        for (int time = 101; time <= 1_101; time++) {
            key.watermarkTo(time);
        }
        assertThat(
                key.results(),
                is(IntStream.rangeClosed(1, 10).mapToObj(i -> "left k l" + i).toList()));
        assertThat(key.timersSet(), is(10));
        assertThat(key.isEmpty(), is(true));
    }

    @Test
    public void theWatermarkIsHeldByTheEarliestRightOne() {
        JoinKeyInMemory key = key(new Bounds(1_000, 50, 0, 0, 0), JoinType.RIGHT_OUTER, NO_LIMITS);
        right(key, 300, "r300");
        right(key, 200, "r200");
        right(key, 250, "r250");
        assertThat(key.holdsAt(), is(200L));
        assertThat(key.timersSet(), is(2));

        key.watermarkTo(250);
        assertThat(key.results(), empty());
        assertThat(key.holdsAt(), is(200L));
        key.watermarkTo(251);
        assertThat(key.results(), contains("right k r200@200"));
        assertThat(key.holdsAt(), is(250L));
        key.watermarkTo(351);
        assertThat(key.results(), contains("right k r200@200", "right k r250@250", "right k r300@300"));
        assertThat(key.holdsAt(), is(Long.MAX_VALUE));
        assertThat(key.isEmpty(), is(true));
    }

    /** No timer fires meanwhile: with 64, 128, 256, 512 and 1,024 entries, which are on a quarter as many pages. */
    @Test
    public void ofAHotKeyAllIsLookedThroughOnlyWhenThereIsTwiceAsMuch() {
        JoinKeyInMemory key = key(new Bounds(100_000, 0, 0, 0, 0), JoinType.INNER, NO_LIMITS);
        for (int i = 1; i <= 2_000; i++) {
            left(key, i, "l" + i);
            key.watermarkTo(i);
        }
        assertThat(key.pagesRead(), lessThan(500));
        assertThat(key.entries(), is(2_000));
    }

    @Test
    public void duplicatesOfAHotKeyAreDroppedMeanwhile() {
        JoinKeyInMemory key = key(new Bounds(100_000, 0, 0, 0, 0), JoinType.INNER, NO_LIMITS);
        int most = 0;
        for (int i = 1; i <= 1_000; i++) {
            left(key, 5_000, "l");
            key.watermarkTo(i);
            most = Math.max(most, key.entries());
        }
        assertThat(most, is(Page.FEW));
        key.watermarkTo(4_999);
        right(key, 5_000, "r");
        key.watermarkTo(5_001);
        assertThat(key.results(), contains("joined k r@5000 [l]"));
        assertThat(key.duplicates(), is(999));
    }

    /** In bounds are eleven granules, and the elements of that which goes on: fewer than from which on it is looked. */
    @Test
    public void withAGranuleAHotKeyStaysSmall() {
        JoinKeyInMemory key = key(new Bounds(1_000, 0, 0, 100, 0), JoinType.INNER, NO_LIMITS);
        int most = 0;
        for (int time = 10; time <= 200_000; time += 10) {
            left(key, time, "l");
            key.watermarkTo(time);
            most = Math.max(most, key.entries());
        }
        assertThat(most, is(Page.FEW));
        right(key, 200_000, "r");
        key.watermarkTo(200_001);
        assertThat(key.results(), contains("joined k r@200000 [" + "l+".repeat(100) + "l]"));
        assertThat(key.entries(), is(10)); // that of 199,000 is past
        key.watermarkTo(201_001);
        assertThat(key.isEmpty(), is(true));
    }

    @Test
    public void overTheLimitOfEntriesAnElementIsRefusedUntilTimeHasMadeRoom() {
        JoinKeyInMemory key = key(new Bounds(1_000, 0, 0, 0, 0), JoinType.INNER, new Rules.Limits(3, 1 << 20));
        left(key, 900, "l900");
        left(key, 100, "l100");
        left(key, 200, "l200");
        left(key, 300, "over");
        right(key, 300, "over");
        assertThat(key.results(), contains("over limit left k over@300", "over limit right k over@300"));

        key.watermarkTo(1_101);
        right(key, 1_101, "r");
        key.watermarkTo(1_102);
        assertThat(key.results().get(2), is("joined k r@1101 [l200+l900]"));
    }

    @Test
    public void duplicatesMakeNoRoomBeforeTimeHasPassed() {
        JoinKeyInMemory key = key(new Bounds(1_000, 0, 0, 0, 0), JoinType.INNER, new Rules.Limits(2, 1 << 20));
        key.watermarkTo(50);
        left(key, 100, "l");
        left(key, 100, "l");
        left(key, 200, "room");
        left(key, 300, "over");
        right(key, 300, "over");
        assertThat(key.results(), contains("over limit left k over@300", "over limit right k over@300"));
        assertThat(key.duplicates(), is(1));
    }

    @Test
    public void anElementThatIsLargerThanAllThatMayBeKeptLeavesNothing() {
        JoinKeyInMemory key = key(new Bounds(1_000, 0, 0, 0, 0), JoinType.FULL_OUTER, new Rules.Limits(10, 20));
        left(key, 100, "x".repeat(20));
        right(key, 100, "x".repeat(21));
        assertThat(key.results(), contains("over limit right k " + "x".repeat(21) + "@100"));
        assertThat(key.entries(), is(1));
        key.watermarkTo(1_101);
        assertThat(key.results().get(1), is("left k " + "x".repeat(20)));
        assertThat(key.isEmpty(), is(true));
    }

    @Test
    public void afterTheLastWatermarkNothingIsLeft() {
        JoinKeyInMemory key = key(new Bounds(1_000, 500, 300, 0, 0), JoinType.FULL_OUTER, NO_LIMITS);
        left(key, -5_000, "before");
        right(key, 100, "r100");
        left(key, 600, "l600");
        right(key, Bounds.LATEST, "last");
        left(key, Bounds.LATEST, "last");
        key.end();
        assertThat(
                key.results(),
                contains("joined k r100@100 [l600]", "joined k last@" + Bounds.LATEST + " [last]", "left k before"));
        assertThat(key.isEmpty(), is(true));
    }

    @Test
    public void aRightElementThatWaitsLeavesAlsoWhereARestartHasMovedTheBounds() {
        ShardInMemory shard = new ShardInMemory();
        right(key(0, shard), 100, "r");
        JoinKeyInMemory restarted = key(500, shard);
        restarted.watermarkTo(101);
        assertThat(restarted.results(), empty());
        assertThat(restarted.holdsAt(), is(100L));
        restarted.watermarkTo(601);
        assertThat(restarted.results(), contains("right k r@100"));
        assertThat(restarted.isEmpty(), is(true));
    }

    private static JoinKeyInMemory key(long allowedLateness, ShardInMemory shard) {
        Bounds bounds = new Bounds(1_000, 0, allowedLateness, 0, 0);
        return new JoinKeyInMemory(
                "k",
                new Rules<>(bounds, JoinType.RIGHT_OUTER, Attribution.all(), false, false, NO_LIMITS),
                Page.FULL_BYTES,
                shard);
    }

    @Test
    public void afterARestartAnElementOfBeforeWhatIsDecidedIsLate() {
        JoinKeyInMemory key = key(JoinType.RIGHT_OUTER);
        left(key, 100, "l100");
        right(key, 200, "r200");
        key.watermarkTo(500);
        assertThat(key.results(), contains("joined k r200@200 [l100]"));

        key.restart();
        left(key, 499, "late");
        right(key, 499, "late");
        right(key, 500, "r500");
        left(key, 500, "l500");
        key.watermarkTo(501);
        assertThat(
                key.results().subList(1, 4),
                contains("late left k late@499", "late right k late@499", "joined k r500@500 [l100+l500]"));
    }
}
