package io.millrace.testfixtures.events;

import static io.millrace.testfixtures.Checks.atLeast;
import static io.millrace.testfixtures.Checks.share;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A stream of {@link PlayEvent}s for a seed.
 *
 * <pre>{@code
 * PlayEvents.seed(42).count(10_000).late(0.01).duplicated(0.005).broken(0.01).stream()
 * }</pre>
 *
 * <p><i>Shape</i>: bounded, {@code count} events, JSON documents of about 350 bytes with {@code ts}, {@code profile_id},
 * {@code title_id}, {@code country}, {@code device}, {@code duration_s} and the objects {@code geo} and {@code client}.
 * A few profiles and titles have most of the events (Zipf).
 *
 * <p><i>Time</i>: records arrive one every {@code step}; an event time lies up to {@code outOfOrder} before that, a
 * late one {@code lateBy} and more.
 *
 * <p><i>Guarantee</i>: the same settings make the same bytes. An event depends on its position alone, so a stream may
 * be made in parts, and a larger count begins with the events of a smaller one.
 *
 * <p><i>Fails</i>: where shares of defects add up to more than 1.
 */
public final class PlayEvents {

    /** When the first event arrives unless a test says otherwise. */
    public static final Instant DEFAULT_START = Instant.parse("2026-01-01T00:00:00Z");

    final long seed;
    int count = 1_000;
    int profiles = 2_000;
    int titles = 500;
    double skew = 1.0;
    Instant start = DEFAULT_START;
    Duration step = Duration.ofMillis(100);
    Duration outOfOrder = Duration.ofSeconds(5);
    double lateShare;
    Duration lateBy = Duration.ofHours(2);
    double duplicateShare;
    int oversizeBytes = 1 << 20;
    Map<Defect, Double> defectShares = new EnumMap<>(Defect.class);

    private PlayEvents(long seed) {
        this.seed = seed;
    }

    private PlayEvents(PlayEvents other) {
        seed = other.seed;
        count = other.count;
        profiles = other.profiles;
        titles = other.titles;
        skew = other.skew;
        start = other.start;
        step = other.step;
        outOfOrder = other.outOfOrder;
        lateShare = other.lateShare;
        lateBy = other.lateBy;
        duplicateShare = other.duplicateShare;
        oversizeBytes = other.oversizeBytes;
        defectShares = new EnumMap<>(other.defectShares);
    }

    /** A thousand sound events, out of order by up to five seconds, none of them late or repeated. */
    public static PlayEvents seed(long seed) {
        return new PlayEvents(seed);
    }

    /** So many events, repeated ones included. */
    public PlayEvents count(int events) {
        return with(copy -> copy.count = atLeast(0, "count", events));
    }

    /** So many profiles, drawn with the skew. */
    public PlayEvents profiles(int number) {
        return with(copy -> copy.profiles = atLeast(1, "profiles", number));
    }

    /** So many titles, drawn with the skew. */
    public PlayEvents titles(int number) {
        return with(copy -> copy.titles = atLeast(1, "titles", number));
    }

    /** The n-th profile or title is {@code n^exponent} times rarer than the first; 0 makes all as frequent. */
    public PlayEvents skew(double exponent) {
        return with(copy -> copy.skew = exponent);
    }

    /** When the first event arrives. */
    public PlayEvents startingAt(Instant instant) {
        return with(copy -> copy.start = instant);
    }

    /** How long after an event the next one arrives. */
    public PlayEvents every(Duration time) {
        return with(copy -> copy.step = time);
    }

    /** How far an event time, if it is not late, lies before its arrival at most. */
    public PlayEvents outOfOrder(Duration atMost) {
        return with(copy -> copy.outOfOrder = atMost);
    }

    /** A share of events that are two hours late. */
    public PlayEvents late(double share) {
        return late(share, lateBy);
    }

    /** A share of events whose time lies so much further back than the others'. */
    public PlayEvents late(double share, Duration by) {
        return with(copy -> {
            copy.lateShare = share("lateShare", share);
            copy.lateBy = by;
        });
    }

    /** A share of events that repeat one of the fifty before them. */
    public PlayEvents duplicated(double share) {
        return with(copy -> copy.duplicateShare = share("duplicateShare", share));
    }

    /** A share of events whose document is no JSON object: {@link Defect#BROKEN}. */
    public PlayEvents broken(double share) {
        return with(Defect.BROKEN, share);
    }

    /** A share of events that lack a field, or have it with a wrong type or value: {@link Defect#WRONG_FIELD}. */
    public PlayEvents wrongFields(double share) {
        return with(Defect.WRONG_FIELD, share);
    }

    /** A share of events whose document has so many bytes. */
    public PlayEvents oversized(double share, int bytes) {
        return with(Defect.OVERSIZED, share).with(copy -> copy.oversizeBytes = atLeast(1_000, "bytes", bytes));
    }

    /** A share of events with {@link Defect#ODD_KEY}. */
    public PlayEvents oddKeys(double share) {
        return with(Defect.ODD_KEY, share);
    }

    /** A share of events with {@link Defect#ODD_HEADER}. */
    public PlayEvents oddHeaders(double share) {
        return with(Defect.ODD_HEADER, share);
    }

    /** A share of events with each of these defects in equal parts. */
    public PlayEvents with(Set<Defect> defects, double share) {
        return with(copy -> defects.forEach(defect -> copy.defectShares.put(defect, share / defects.size())));
    }

    /** A share of events with this defect. */
    public PlayEvents with(Defect defect, double share) {
        return with(Set.of(defect), share);
    }

    /** The stream, from its first event to its last. */
    public Stream<PlayEvent> stream() {
        return stream(0, count);
    }

    /** The events from a position to another, exclusive. */
    public Stream<PlayEvent> stream(int from, int to) {
        PlayMaker maker = new PlayMaker(this);
        return IntStream.range(from, to).mapToObj(maker::make);
    }

    /** The stream as a list. */
    public List<PlayEvent> list() {
        return stream().toList();
    }

    /** Writes the documents as JSON Lines, broken ones as they are, and leaves out events without a value. */
    public void writeJsonLines(Path file) {
        JsonLines.write(file, stream().flatMap(event -> Stream.ofNullable(event.value())));
    }

    private PlayEvents with(Consumer<PlayEvents> change) {
        PlayEvents copy = new PlayEvents(this);
        change.accept(copy);
        share("sum of the shares of defects", sum(copy.defectShares));
        return copy;
    }

    private static double sum(Map<Defect, Double> shares) {
        return shares.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
