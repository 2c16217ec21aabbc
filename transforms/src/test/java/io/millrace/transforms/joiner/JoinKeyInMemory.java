package io.millrace.transforms.joiner;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.testfixtures.join.JoinCase;
import io.millrace.testfixtures.join.JoinCase.Arrival;
import io.millrace.testfixtures.join.Names;
import io.millrace.transforms.joiner.Joined.Stage;
import io.millrace.transforms.joiner.Refused.Reason;
import io.millrace.transforms.shard.KeyBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** A {@link JoinKey} in a shard in memory. What leaves is written as {@code JoinOracle} does. */
final class JoinKeyInMemory implements Pairing.Outcome<String, String> {
    private static final Reduced<String, String, String> NAMES = new Reduced<>(new Names(), StringUtf8Coder.of());

    private final String key;
    private final Input<String, String> left;
    private final Input<String, String> right;
    private final JoinKey<String, String> join;
    private final KeyBytes bytes;
    private final ShardInMemory shard;
    private final List<String> results = new ArrayList<>();
    private final List<String> early = new ArrayList<>();
    private final List<String> leftBehindWatermark = new ArrayList<>();
    private int corrections;
    private int duplicates;

    /** In a shard of its own. */
    JoinKeyInMemory(String key, Rules<String, String> rules, int pageBytes) {
        this(key, rules, pageBytes, new ShardInMemory());
    }

    /** With pages that are full with so many bytes. */
    JoinKeyInMemory(String key, Rules<String, String> rules, int pageBytes, ShardInMemory shard) {
        this.key = key;
        this.bytes = new KeyBytes(key.getBytes(StandardCharsets.UTF_8));
        this.shard = shard;
        shard.add(bytes, this);
        this.left = new Input<>(Side.LEFT, name -> name, NAMES, StringUtf8Coder.of());
        this.right = new Input<>(Side.RIGHT, name -> name, NAMES, StringUtf8Coder.of());
        this.join = new JoinKey<>(rules, new Pairing<>(rules, NAMES, NAMES), pageBytes);
    }

    static Rules<String, String> rules(JoinCase join) {
        return new Rules<>(
                new Bounds(
                        join.leftFirst(),
                        join.rightFirst(),
                        join.allowedLateness(),
                        join.leftGranule(),
                        join.rightGranule()),
                JoinType.FULL_OUTER,
                switch (join.credit()) {
                    case ALL -> Attribution.all();
                    case FIRST -> Attribution.first();
                    case LAST -> Attribution.last();
                },
                join.creditsOnce(),
                false,
                new Rules.Limits(1_000_000, 1 << 30));
    }

    void take(Arrival arrival) {
        Entry entry = (arrival.isLeft() ? left : right).entry(arrival.name(), arrival.time());
        Optional<Reason> refused = shard.with(bytes, kept -> Optional.ofNullable(join.take(entry, kept, this)));
        refused.ifPresent(reason -> refused(arrival, reason));
    }

    private void refused(Arrival arrival, Reason reason) {
        String side = arrival.isLeft() ? "left" : "right";
        String what = reason == Reason.LATE ? "late" : "over limit";
        results.add(what + " " + side + " " + key + " " + arrival.name() + "@" + arrival.time());
    }

    void lookThrough(JoinKey.KeyState kept) {
        join.lookThrough(kept, this);
    }

    void watermarkTo(long time) {
        shard.watermarkTo(time);
    }

    void end() {
        shard.end();
    }

    void restart() {
        shard.restart();
    }

    @Override
    public void joined(Joined<String, String> joined, long time, List<Entry> lefts) {
        String text = "joined " + key + " " + joined.right() + "@" + time + " [" + joined.left() + "]";
        leaves(text, time);
        if (joined.stage() == Stage.CORRECTION || joined.stage() == Stage.RETRACTION) {
            takeBack(joined, text);
        }
        (joined.stage() == Stage.EARLY ? early : results).add(text);
    }

    private void takeBack(Joined<String, String> correction, String text) {
        List<String> corrected = early.stream()
                .filter(before -> List.of(correction.right().split("\\+")).contains(firstRight(before)))
                .toList();
        assertThat(corrected, hasSize(1));
        assertThat(text, is(not(corrected.get(0))));
        early.removeAll(corrected);
        corrections++;
    }

    private static String firstRight(String joined) {
        return joined.split(" ")[2].split("[+@]")[0];
    }

    private void leaves(String what, long time) {
        if (time < shard.watermarkBehind()) {
            leftBehindWatermark.add(what + " left at " + time + ", behind " + shard.watermarkBehind());
        }
    }

    @Override
    public void unmatchedLeft(String value, long time, long passedAt) {
        for (String name : value.split("\\+")) {
            results.add("left " + key + " " + name);
        }
        leaves("left " + value + "@" + time, passedAt);
    }

    @Override
    public void unmatchedRight(String value, long time) {
        results.add("right " + key + " " + value + "@" + time);
        leaves("right " + value, time);
    }

    @Override
    public void forgotten(Entry left) {}

    @Override
    public void duplicate(Entry entry) {
        duplicates++;
    }

    List<String> results() {
        return results;
    }

    /** What left last of each: results that left on match where they were not corrected, and a match that was taken back as none. */
    List<String> lastWords() {
        List<String> all = new ArrayList<>(early);
        for (String result : results) {
            all.add(result.endsWith(" []") ? result.replace("joined", "right").replace(" []", "") : result);
        }
        return all;
    }

    /** What left on match and was not corrected. */
    List<String> early() {
        return early;
    }

    /** What a step behind would have taken for late. */
    List<String> leftBehindWatermark() {
        return leftBehindWatermark;
    }

    int corrections() {
        return corrections;
    }

    int duplicates() {
        return duplicates;
    }

    long holdsAt() {
        return shard.holdsAt();
    }

    int timersSet() {
        return shard.timersSet();
    }

    int pagesRead() {
        return shard.pagesRead();
    }

    int entries() {
        return shard.entries(bytes);
    }

    boolean isEmpty() {
        return shard.isEmpty();
    }
}
