package io.millrace.transforms.view;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.millrace.transforms.shard.Shards;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.Test;

/** What a shard tells, and when; and what it keeps. */
public class ViewShardTest {
    private static final long INTERVAL = 1_000;
    private static final long HOUR = 3_600_000;

    private final ViewShardInMemory shard = new ViewShardInMemory(ViewShardInMemory.settings());

    private static ViewShardInMemory with(double keysPerSecond, int items, int bytes) {
        return new ViewShardInMemory(
                new ViewSettings(INTERVAL, keysPerSecond, HOUR, new KeyItems.Limits(items, bytes)));
    }

    @Test
    public void tellsAKeyOnceForAllThatChangedInAnInterval() {
        shard.add("movie", "b", "B", 5);
        shard.add("movie", "a", "A", 7);
        shard.remove("movie", "b", 8);
        assertThat(shard.told(), is(empty()));

        shard.pass(INTERVAL);
        assertThat(shard.told(), contains("movie [A] 8"));
        shard.pass(10 * INTERVAL);
        assertThat(shard.told(), is(empty()));
    }

    @Test
    public void tellsNothingOfAKeyWhoseItemsAreSaidAgain() {
        shard.add("movie", "a", "A", 5);
        shard.pass(INTERVAL);
        shard.told();
        shard.add("movie", "a", "A", 8);
        shard.pass(INTERVAL);

        assertThat(shard.told(), is(empty()));
    }

    /** What was told after the state was saved that a restart begins with is not known to it. */
    @Test
    public void tellsAKeyThatIsTheSameAgain() {
        shard.add("movie", "b", "B", 6);
        shard.remove("movie", "b", 7);
        shard.remove("unheard", "a", 7);
        shard.pass(INTERVAL);
        assertThat(shard.told(), containsInAnyOrder("movie [] 7", "unheard [] 7"));

        shard.add("movie", "b", "B", 8);
        shard.pass(INTERVAL);
        shard.remove("movie", "b", 9);
        shard.add("movie", "b", "B", 10);
        shard.pass(INTERVAL);
        assertThat(shard.told(), contains("movie [B] 8", "movie [B] 10"));
        shard.ask(ViewRequest.all("r", Kind.FLUSH));
        shard.pass(1);
        assertThat(shard.told(), containsInAnyOrder("movie [B] 10 FLUSH", "unheard [] 7 FLUSH"));
    }

    @Test
    public void aKeyWithoutItemsIsRemoved() {
        shard.add("movie", "a", "A", 5);
        shard.pass(INTERVAL);
        shard.remove("movie", "a", 6);
        shard.pass(INTERVAL);

        assertThat(shard.told(), contains("movie [A] 5", "movie [] 6"));
    }

    @Test
    public void keepsNothingAsideForLongerThanASecondInALongInterval() {
        ViewShardInMemory slow = new ViewShardInMemory(
                new ViewSettings(HOUR, Double.POSITIVE_INFINITY, 10 * HOUR, new KeyItems.Limits(10, 1_000)));
        slow.add("movie", "a", "A", 5);
        assertThat(slow.batchesAside(), is(1));

        slow.pass(INTERVAL);
        assertThat(slow.batchesAside(), is(0));
        slow.add("movie", "b", "B", 6);
        assertThat(slow.told(), is(empty()));

        slow.pass(HOUR);
        assertThat(slow.told(), contains("movie [A, B] 6"));
        assertThat(slow.batchesAside(), is(0));
    }

    @Test
    public void whatIsOlderThanWhatIsKnownChangesNothing() {
        shard.remove("movie", "a", 10);
        shard.add("movie", "a", "A", 9);
        shard.add("movie", "b", "new", 8);
        shard.add("movie", "b", "old", 7);
        shard.pass(INTERVAL);

        assertThat(shard.told(), contains("movie [new] 10"));
        assertThat(shard.outdated(), is(2));
    }

    @Test
    public void aPublishCountsWhenAllOfItHasComeAndThenOfAKeyAtOnce() {
        shard.add("movie", "a", "A", 5);
        shard.add("movie", "b", "B", 5);
        shard.pass(INTERVAL);
        shard.told();

        shard.publish(1, "movie", "a", "A");
        shard.publish(1, "movie", "c", "C");
        shard.add("movie", "d", "D", 20);
        shard.pass(INTERVAL);
        assertThat(shard.told(), contains("movie [A, B, D] 20"));

        shard.complete(1, 10, 2, true);
        shard.pass(INTERVAL);
        assertThat(shard.told(), contains("movie [A, C, D] 20"));
    }

    @Test
    public void aPublishDoesNotOverwriteWhatIsNewerNorBringBackWhatWasDeletedMeanwhile() {
        shard.add("movie", "a", "old", 5);
        shard.add("movie", "b", "B", 5);
        shard.add("movie", "a", "newer", 12);
        shard.remove("movie", "b", 11);
        shard.publish(1, "movie", "a", "published");
        shard.publish(1, "movie", "b", "B");
        shard.complete(1, 10, 2, true);
        shard.pass(INTERVAL);

        assertThat(shard.cache().get("movie"), contains("newer"));
    }

    @Test
    public void keysThatAPublishHasNotAreRemovedUnlessTheyAreNewer() {
        shard.add("gone", "a", "A", 5);
        shard.add("newer", "a", "A", 15);
        shard.complete(1, 10, 0, true);
        shard.add("late", "a", "A", 9);
        shard.pass(INTERVAL);

        assertThat(shard.cache(), is(Map.of("newer", List.of("A"))));
        assertThat(shard.outdated(), is(1));
    }

    @Test
    public void aPublishThatLacksEntriesRemovesNothing() {
        shard.add("kept", "a", "A", 5);
        shard.publish(1, "added", "a", "A");
        shard.complete(1, 10, 1, false);
        shard.pass(INTERVAL);

        assertThat(shard.cache().keySet(), contains("added", "kept"));
    }

    @Test
    public void aPublishThatBrokeOffNeverCounts() {
        shard.add("kept", "a", "A", 5);
        shard.publish(1, "half", "a", "A");
        shard.pass(INTERVAL);
        shard.complete(2, 20, 1, true);
        shard.publish(2, "kept", "a", "A");
        shard.pass(INTERVAL);

        assertThat(shard.cache().keySet(), contains("kept"));
        assertThat(shard.told(), contains("kept [A] 5"));
        assertThat(shard.keysKept(), is(1));
    }

    @Test
    public void forgetsWhatIsGoneWhenTheRetentionHasPassed() {
        shard.add("movie", "a", "A", 5);
        shard.remove("movie", "a", 6);
        shard.add("other", "a", "A", 5);
        shard.add("other", "b", "B", 5);
        shard.remove("other", "b", 6);
        shard.pass(HOUR - 1);
        int before = shard.bytesKept("other");
        assertThat(shard.keysKept(), is(2));

        shard.pass(2 * INTERVAL);
        assertThat(shard.keysKept(), is(1));
        assertThat(shard.bytesKept("other"), is(lessThan(before)));
    }

    @Test
    public void whatIsGoneIsKnownWhileAPublishComes() {
        shard.publish(1, "movie", "a", "A");
        shard.remove("movie", "a", 11);
        for (int entry = 0; entry < 4; entry++) {
            shard.pass(HOUR / 2);
            shard.publish(1, "other", "item-" + entry, "A");
        }
        shard.complete(1, 10, 5, true);
        shard.pass(INTERVAL);

        assertThat(shard.cache().keySet(), contains("other"));
    }

    @Test
    public void whatIsGoneIsForgottenThoughAPublishBrokeOff() {
        shard.publish(1, "half", "a", "A");
        shard.remove("movie", "a", 11);
        shard.pass(3 * HOUR);

        assertThat(shard.keysKept(), is(1));
    }

    @Test
    public void ofItemsThatAreGoneAsManyAreKnownAsAKeyMayHave() {
        ViewShardInMemory small = with(Double.POSITIVE_INFINITY, 10, 1_000);
        for (int item = 0; item < 1_000; item++) {
            small.add("movie", "item-" + item, "A", item);
            small.remove("movie", "item-" + item, item);
        }
        small.pass(INTERVAL);

        assertThat(small.bytesKept("movie"), is(both(greaterThan(100)).and(lessThan(1_000))));
        assertThat(small.refused(), is(empty()));
    }

    @Test
    public void refusesWhatWouldMakeAKeyTooLarge() {
        ViewShardInMemory small = with(Double.POSITIVE_INFINITY, 2, 10);
        small.add("many", "a", "A", 1);
        small.add("many", "b", "B", 1);
        small.add("many", "c", "C", 1);
        small.add("many", "b", "B2", 2);
        small.add("large", "a", "12345678", 1);
        small.add("large", "b", "123", 1);
        small.pass(INTERVAL);
        small.publish(1, "published", "d", "12345678901");
        small.complete(1, 0, 1, true);
        small.pass(INTERVAL);

        assertThat(small.refused(), contains("event of c", "event of b", "entry of d"));
        assertThat(small.told(), containsInAnyOrder("many [A, B2] 2", "large [12345678] 1"));
    }

    @Test
    public void aFlushTellsWhatWasToldLastWithItsVersionAndWhatHasChangedSince() {
        shard.add("same", "a", "A", 5);
        shard.add("removed", "a", "A", 5);
        shard.remove("removed", "a", 6);
        shard.pass(INTERVAL);
        shard.publish(1, "same", "a", "A");
        shard.complete(1, 50, 1, true);
        shard.pass(INTERVAL);
        assertThat(shard.told(), containsInAnyOrder("same [A] 5", "removed [] 6"));
        shard.add("changed", "a", "A", 60);
        shard.told();
        shard.ask(ViewRequest.all("r", Kind.FLUSH));
        shard.pass(10);

        assertThat(shard.told(), containsInAnyOrder("same [A] 5 FLUSH", "removed [] 6 FLUSH", "changed [A] 60 FLUSH"));
        assertThat(shard.answers(), contains("r 3 last []"));
        shard.pass(INTERVAL);
        assertThat(shard.told(), is(empty()));
    }

    @Test
    public void aFlushIsOfTheKeysThatAreAskedFor() {
        Stream.of("us/1", "us/2", "eu/1").forEach(key -> shard.add(key, "a", "A", 1));
        shard.pass(INTERVAL);
        shard.told();

        shard.ask(ViewRequest.ofPrefix("p", Kind.FLUSH, "us/"));
        shard.pass(1);
        assertThat(shard.told(), containsInAnyOrder("us/1 [A] 1 FLUSH", "us/2 [A] 1 FLUSH"));

        String here = IntStream.range(0, 100_000)
                .mapToObj(number -> "key-" + number)
                .filter(key -> ViewShardInMemory.key(key).shard(Shards.COUNT) == ViewShardInMemory.NUMBER)
                .findFirst()
                .orElseThrow();
        shard.add(here, "a", "A", 1);
        shard.pass(INTERVAL);
        shard.told();
        shard.ask(ViewRequest.ofKeys("k", Kind.REPAIR, List.of(here, "unknown", "of another shard", here)));
        shard.pass(1);
        assertThat(shard.told(), contains(here + " [A] 1 REPAIR"));
        shard.ask(ViewRequest.ofKeys("n", Kind.RENEW, List.of(here)));
        shard.pass(1);
        assertThat(shard.told(), contains(here + " [A] 1 RENEW"));
        assertThat(shard.answers(), contains("p 2 last []", "k 1 last []", "n 1 last []"));
    }

    @Test
    public void whoAsksIsToldAndNobodyElse() {
        shard.add("a", "x", "X", 1);
        shard.pass(INTERVAL);
        shard.told();
        shard.ask(ViewRequest.all("t", Kind.TELL));
        shard.ask(ViewRequest.ofPrefix("nothing", Kind.TELL, "b"));
        shard.pass(1);

        assertThat(shard.told(), is(empty()));
        assertThat(shard.answers(), containsInAnyOrder("t 1 last [a=[X]@1]", "nothing 0 last []"));
    }

    @Test
    public void whoAsksIsToldWhatIsStillToBeToldToOthers() {
        shard.add("a", "x", "X", 1);
        shard.pass(INTERVAL);
        shard.told();
        shard.add("a", "x", "Y", 2);
        shard.ask(ViewRequest.all("t", Kind.TELL));
        shard.pass(1);

        assertThat(shard.answers(), contains("t 1 last [a=[Y]@2 pending]"));
        assertThat(shard.told(), is(empty()));
        shard.pass(INTERVAL);
        assertThat(shard.told(), contains("a [Y] 2"));
    }

    @Test
    public void aFlushKeepsToItsRateAndWhatChangesIsToldMeanwhile() {
        int keys = 100;
        double ofTheView = 10.0 * Shards.COUNT;
        ViewShardInMemory slow = with(ofTheView, 10, 1_000);
        IntStream.range(0, keys).forEach(key -> slow.add("key-" + key, "a", "A", 1));
        slow.pass(INTERVAL);
        slow.told();
        slow.ask(ViewRequest.all("r", Kind.FLUSH));

        slow.pass(1_000);
        assertThat(slow.told(), hasSize(40));
        slow.add("live", "a", "A", 2);
        slow.pass(2_500);
        assertThat(slow.told(), contains("live [A] 2"));
        slow.pass(1_000);
        assertThat(slow.told(), hasSize(40));
        slow.pass(10_000);
        assertThat(slow.told(), hasSize(20));
        assertThat(slow.answers().get(slow.answers().size() - 1), is("r " + keys + " last []"));
    }

    /** The second publish lacks all keys of the first. */
    @Test
    public void aPublishCountsWhenTheRoundOfTheOneBeforeIsOver() {
        int keys = 100;
        ViewShardInMemory slow = with(10.0 * Shards.COUNT, 10, 1_000);
        IntStream.range(0, keys).forEach(key -> slow.publish(1, "key-" + key, "a", "A"));
        slow.complete(1, 10, keys, true);
        slow.pass(2_000);
        int before = slow.told().size();
        assertThat(before, is(both(greaterThan(0)).and(lessThan(keys))));

        slow.publish(2, "other", "a", "A");
        slow.complete(2, 20, 1, true);
        slow.pass(3_000);
        assertThat("at the rate", slow.told().size(), is(lessThan(keys - before)));
        assertThat(slow.cache().containsKey("other"), is(false));
        slow.pass(60_000);
        assertThat(slow.cache().keySet(), contains("other"));
    }

    @Test
    public void aPublishOfWhichAllHasComeCountsThoughAnotherBeginsBeforeItsTurn() {
        ViewShardInMemory slow = with(Shards.COUNT, 10, 1_000);
        IntStream.range(0, 100).forEach(key -> slow.publish(1, "key-" + key, "a", "A"));
        slow.complete(1, 10, 100, true);
        slow.publish(2, "other", "a", "A");
        slow.complete(2, 20, 1, true);
        slow.publish(3, "half", "a", "A");
        slow.pass(10 * 60_000);

        assertThat(slow.cache().keySet(), contains("other"));
    }

    /** Keys are known, and were told. */
    private void know(String... keys) {
        Stream.of(keys).forEach(key -> shard.add(key, "a", "A", 1));
        shard.pass(INTERVAL);
        shard.told();
    }

    @Test
    public void whatAPublishHasAndARoundDoesWaitsWhereTheShardIsLate() {
        know("known");
        shard.ask(ViewRequest.all("r", Kind.FLUSH));
        shard.publish(1, "published", "a", "A");
        shard.complete(1, 10, 1, false);
        shard.add("live", "a", "A", 2);

        shard.passAtOnce(2 * INTERVAL);
        assertThat(shard.told(), contains("live [A] 2"));
        assertThat("the entry waits", shard.batchesAside(), is(1));

        shard.pass(INTERVAL);
        assertThat(shard.told(), containsInAnyOrder("known [A] 1 FLUSH", "live [A] 2 FLUSH", "published [A] 10"));
        assertThat(shard.batchesAside(), is(0));
    }

    @Test
    public void nothingWaitsWhereNoChangesCome() {
        know("known");
        shard.isQuiet();
        shard.ask(ViewRequest.all("r", Kind.FLUSH));

        shard.passAtOnce(INTERVAL);
        assertThat(shard.told(), contains("known [A] 1 FLUSH"));
    }

    @Test
    public void aRoundWithoutLimitIsNotTakenForLate() {
        int pages = 6;
        int keys = pages * Round.keysOfPage(Double.POSITIVE_INFINITY);
        know(IntStream.range(0, keys).mapToObj(key -> "key-" + key).toArray(String[]::new));
        shard.ask(ViewRequest.all("r", Kind.FLUSH));

        for (int page = 0; page < pages; page++) {
            shard.passAtOnce(100);
        }
        assertThat(shard.told(), hasSize(keys));
    }

    /** First the look at the keys waits, then their page. */
    @Test
    public void whatWaitsForChangesDoesNotWaitForLong() {
        know("known");
        shard.ask(ViewRequest.all("r", Kind.FLUSH));

        int late = 0;
        while (shard.told().isEmpty()) {
            shard.passAtOnce(INTERVAL);
            late++;
        }
        assertThat(late, is(both(greaterThan(15)).and(lessThan(25))));
    }
}
