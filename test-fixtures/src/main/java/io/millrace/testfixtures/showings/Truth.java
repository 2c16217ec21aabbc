package io.millrace.testfixtures.showings;

import static io.millrace.testfixtures.Checks.atLeast;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which impressions led to which play, by definition: each impression of a key is held against each play of it.
 *
 * <p>An impression led to a play if it is of the same key, not after it, and not further before it than the lookback;
 * both ends belong to it. An impression may have led to several plays. How events arrive does not count: late ones are there, and repeats
 * are one.
 */
public final class Truth {

    private static final Comparator<TitleEvent> ORDER =
            Comparator.comparing(TitleEvent::eventTime).thenComparing(TitleEvent::id);

    private final Map<String, List<TitleEvent>> impressions;
    private final Map<String, List<TitleEvent>> plays;
    private final Duration lookback;

    private Truth(Map<String, List<TitleEvent>> impressions, Map<String, List<TitleEvent>> plays, Duration lookback) {
        this.impressions = impressions;
        this.plays = plays;
        this.lookback = lookback;
    }

    /** The truth of these two streams, in whatever order they are. */
    public static Truth of(List<TitleEvent> impressions, List<TitleEvent> plays, Duration lookback) {
        return new Truth(byKey(impressions), byKey(plays), lookback);
    }

    /**
     * The ids of the impressions that led to each play, none for some, in order of their times and then of their ids.
     * Ids are in the order of texts, {@code p-10} before {@code p-9}, as a join has them.
     */
    public SortedMap<String, List<String>> impressionsOfPlays() {
        SortedMap<String, List<String>> led = new TreeMap<>();
        plays.values().stream().flatMap(List::stream).forEach(play -> led.put(play.id(), impressionsOf(play)));
        return led;
    }

    /** The same, with each impression of the earliest play alone that it led to. */
    public SortedMap<String, List<String>> impressionsOfFirstPlays() {
        SortedMap<String, List<String>> led = impressionsOfPlays();
        Set<String> given = new HashSet<>();
        plays.values().stream()
                .flatMap(List::stream)
                .sorted(ORDER)
                .forEach(play -> led.computeIfPresent(
                        play.id(),
                        (id, impressions) ->
                                impressions.stream().filter(given::add).toList()));
        return led;
    }

    /** Titles by windows, which begin at multiples of their length since 1970: sorted by title and then by window. */
    public List<TitleRate> rates(Duration window) {
        SortedMap<String, SortedMap<Instant, List<TitleEvent>>> titles = impressions.values().stream()
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(
                        TitleEvent::titleId,
                        TreeMap::new,
                        Collectors.groupingBy(
                                impression -> startOfWindow(impression, window), TreeMap::new, Collectors.toList())));
        return titles.entrySet().stream()
                .flatMap(title -> title.getValue().entrySet().stream()
                        .map(shown -> rate(title.getKey(), shown.getKey(), shown.getValue())))
                .toList();
    }

    private List<String> impressionsOf(TitleEvent play) {
        return of(play.key(), impressions).stream()
                .filter(impression -> ledTo(impression, play))
                .sorted(ORDER)
                .map(TitleEvent::id)
                .toList();
    }

    private TitleRate rate(String titleId, Instant windowStart, List<TitleEvent> shown) {
        long converted = shown.stream().filter(this::isConverted).count();
        return new TitleRate(titleId, windowStart, shown.size(), (int) converted);
    }

    private boolean isConverted(TitleEvent impression) {
        return of(impression.key(), plays).stream().anyMatch(play -> ledTo(impression, play));
    }

    private boolean ledTo(TitleEvent impression, TitleEvent play) {
        Instant earliest = play.eventTime().minus(lookback);
        return !impression.eventTime().isBefore(earliest)
                && !impression.eventTime().isAfter(play.eventTime());
    }

    private static List<TitleEvent> of(String key, Map<String, List<TitleEvent>> events) {
        return events.getOrDefault(key, List.of());
    }

    private static Map<String, List<TitleEvent>> byKey(List<TitleEvent> events) {
        return distinct(events).stream().collect(Collectors.groupingBy(TitleEvent::key));
    }

    private static Collection<TitleEvent> distinct(List<TitleEvent> events) {
        Map<String, TitleEvent> byId = new LinkedHashMap<>();
        events.forEach(event -> byId.putIfAbsent(event.id(), event));
        return byId.values();
    }

    private static Instant startOfWindow(TitleEvent impression, Duration window) {
        long length = atLeast(Duration.ofMillis(1), "window", window).toMillis();
        return Instant.ofEpochMilli(Math.floorDiv(impression.eventTime().toEpochMilli(), length) * length);
    }
}
