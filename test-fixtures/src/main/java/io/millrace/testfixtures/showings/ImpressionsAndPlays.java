package io.millrace.testfixtures.showings;

import static io.millrace.testfixtures.Checks.atLeast;
import static io.millrace.testfixtures.Checks.share;

import io.millrace.testfixtures.events.PlayEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stream of impressions and one of plays for a seed, and which impressions led to which play.
 *
 * <pre>{@code
 * ImpressionsAndPlays.seed(42).plays(10_000).unled(0.05).unplayed(0.6).duplicated(0.005).outOfOrder(Duration.ofSeconds(10))
 * }</pre>
 *
 * <p><i>Shape</i>: bounded, JSON documents on one line. An impression has {@code id}, {@code ts}, {@code profile_id}, {@code title_id}, {@code row},
 * {@code position}, {@code artwork} and {@code country}; a play {@code id}, {@code ts}, {@code profile_id}, {@code title_id}, {@code device}, {@code country} and
 * {@code duration_s}. {@code ts} is in milliseconds since 1970. A few profiles and titles have most of both (Zipf).
 *
 * <p><i>Time</i>: plays are spread evenly over a span, and impressions come before them by delays that are as often from seconds to minutes as from minutes to hours; so the first
 * impressions are before the span. Both streams are in the order of arrival.
 *
 * <p><i>Guarantee</i>: the same settings make the same bytes. How events arrive (out of order, late, repeated, behind by a lag) changes nothing of what
 * they say, and so nothing of the truth.
 *
 * <p><i>Fails</i>: where a setting breaks its rule; and when the streams are made, where there are too few profiles and titles for the plays beyond the lookback, each of which needs a pair of its own.
 */
public final class ImpressionsAndPlays {

    private static final Duration MILLISECOND = Duration.ofMillis(1);

    final long seed;
    int plays = 1_000;
    int profiles = 2_000;
    int titles = 500;
    double skew = 1.0;
    Instant start = PlayEvents.DEFAULT_START;
    Duration lasting = Duration.ofHours(6);
    Duration lookback = Duration.ofHours(4);
    Duration shortestDelay = Duration.ofSeconds(2);
    Duration longestDelay = Duration.ofHours(3);
    int mostImpressions = 3;
    double beyondShare;
    double unledShare;
    double unplayedShare;
    double duplicateShare;
    Duration outOfOrder = Duration.ofSeconds(5);
    double lateShare;
    Duration lateBy = Duration.ofHours(2);
    Duration lag = Duration.ZERO;
    private @Nullable Streams made;

    private ImpressionsAndPlays(long seed) {
        this.seed = seed;
    }

    private ImpressionsAndPlays(ImpressionsAndPlays other) {
        seed = other.seed;
        plays = other.plays;
        profiles = other.profiles;
        titles = other.titles;
        skew = other.skew;
        start = other.start;
        lasting = other.lasting;
        lookback = other.lookback;
        shortestDelay = other.shortestDelay;
        longestDelay = other.longestDelay;
        mostImpressions = other.mostImpressions;
        beyondShare = other.beyondShare;
        unledShare = other.unledShare;
        unplayedShare = other.unplayedShare;
        duplicateShare = other.duplicateShare;
        outOfOrder = other.outOfOrder;
        lateShare = other.lateShare;
        lateBy = other.lateBy;
        lag = other.lag;
    }

    /** A thousand plays, each with one to three impressions; out of order by up to five seconds, none late or repeated. */
    public static ImpressionsAndPlays seed(long seed) {
        return new ImpressionsAndPlays(seed);
    }

    /** So many plays, repeats not counted. */
    public ImpressionsAndPlays plays(int number) {
        return with(copy -> copy.plays = atLeast(0, "plays", number));
    }

    /** So many profiles, drawn with the skew. */
    public ImpressionsAndPlays profiles(int number) {
        return with(copy -> copy.profiles = atLeast(1, "profiles", number));
    }

    /** So many titles, drawn with the skew. */
    public ImpressionsAndPlays titles(int number) {
        return with(copy -> copy.titles = atLeast(1, "titles", number));
    }

    /** The n-th profile or title is {@code n^exponent} times rarer than the first; 0 makes all as frequent. */
    public ImpressionsAndPlays skew(double exponent) {
        return with(copy -> copy.skew = exponent);
    }

    /** The earliest time that a play can have. */
    public ImpressionsAndPlays startingAt(Instant instant) {
        return with(copy -> copy.start = instant);
    }

    /** The span of the times of plays, and of impressions of what is not played. */
    public ImpressionsAndPlays lasting(Duration time) {
        return with(copy -> copy.lasting = atLeast(MILLISECOND, "lasting", time));
    }

    /** How far before a play an impression has led to it, in the truth. */
    public ImpressionsAndPlays lookback(Duration time) {
        return with(copy -> copy.lookback = atLeast(Duration.ZERO, "lookback", time));
    }

    /** How long before a play its impressions are. Some are too early for the lookback where the longest is longer. */
    public ImpressionsAndPlays delays(Duration shortest, Duration longest) {
        return with(copy -> {
            copy.shortestDelay = atLeast(Duration.ZERO, "shortest", shortest);
            copy.longestDelay = atLeast(shortest, "longest", longest);
        });
    }

    /** One impression to so many for a play that has any. */
    public ImpressionsAndPlays impressionsPerPlay(int atMost) {
        return with(copy -> copy.mostImpressions = atLeast(1, "impressionsPerPlay", atMost));
    }

    /** A share of plays whose impressions are all further back than the lookback, up to twice as far. */
    public ImpressionsAndPlays beyond(double share) {
        return with(copy -> copy.beyondShare = share("beyondShare", share));
    }

    /** A share of plays without any impression of their key. */
    public ImpressionsAndPlays unled(double share) {
        return with(copy -> copy.unledShare = share("unledShare", share));
    }

    /** A share of impressions, less than all, whose key is never played. */
    public ImpressionsAndPlays unplayed(double share) {
        if (share >= 1) {
            throw new IllegalArgumentException("unplayedShare must be below 1, but was " + share);
        }
        return with(copy -> copy.unplayedShare = share("unplayedShare", share));
    }

    /** A share of impressions and of plays that come twice, with the same id and content. */
    public ImpressionsAndPlays duplicated(double share) {
        return with(copy -> copy.duplicateShare = share("duplicateShare", share));
    }

    /** How long after its time an event, if it is not late, arrives at most. */
    public ImpressionsAndPlays outOfOrder(Duration atMost) {
        return with(copy -> copy.outOfOrder = atLeast(Duration.ZERO, "outOfOrder", atMost));
    }

    /** A share of impressions and of plays that arrive so much later than the others can. */
    public ImpressionsAndPlays late(double share, Duration by) {
        return with(copy -> {
            copy.lateShare = share("lateShare", share);
            copy.lateBy = atLeast(MILLISECOND, "by", by);
        });
    }

    /** How much later than their times plays arrive, all of them: their watermark lags. None is late for that. */
    public ImpressionsAndPlays lag(Duration ofPlays) {
        return with(copy -> copy.lag = atLeast(Duration.ZERO, "lag", ofPlays));
    }

    /** The impressions in the order in which they arrive. */
    public List<TitleEvent> impressions() {
        return streams().impressions();
    }

    /** The plays in the order in which they arrive. */
    public List<TitleEvent> plays() {
        return streams().plays();
    }

    /** The ids of the impressions that led to each play: {@link Truth#impressionsOfPlays}. */
    public SortedMap<String, List<String>> truth() {
        return streams().truth().impressionsOfPlays();
    }

    /** The same, with each impression of one play: {@link Truth#impressionsOfFirstPlays}. */
    public SortedMap<String, List<String>> truthOfFirstPlays() {
        return streams().truth().impressionsOfFirstPlays();
    }

    /** How often titles were shown in windows, and then played: {@link Truth#rates}. */
    public List<TitleRate> rates(Duration window) {
        return streams().truth().rates(window);
    }

    private Streams streams() {
        Streams streams = made;
        if (streams == null) {
            streams = make();
            made = streams;
        }
        return streams;
    }

    private Streams make() {
        SplittableRandom random = new SplittableRandom(seed);
        SplittableRandom ofImpressions = random.split();
        SplittableRandom ofPlays = random.split();
        StoryMaker maker = new StoryMaker(this, random);
        maker.make();
        return new Streams(
                Delivery.of(maker.impressions(), this, Duration.ZERO, ofImpressions),
                Delivery.of(maker.plays(), this, lag, ofPlays),
                Truth.of(maker.impressions(), maker.plays(), lookback));
    }

    private ImpressionsAndPlays with(Consumer<ImpressionsAndPlays> change) {
        ImpressionsAndPlays copy = new ImpressionsAndPlays(this);
        change.accept(copy);
        share("sum of beyondShare and unledShare", copy.beyondShare + copy.unledShare);
        return copy;
    }

    private record Streams(List<TitleEvent> impressions, List<TitleEvent> plays, Truth truth) {}
}
