package io.millrace.testfixtures.assets;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Events of movies in a CDN, one a millisecond by their own times, which arrive somewhat out of order; the same for each seed.
 *
 * <p>What must be known at the end is told from the events by definition: of each appliance the last event of a movie counts.
 */
public final class AssetStory {
    private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");
    private static final List<String> CDNS = List.of("us", "eu");

    private final int movies;
    private final int appliances;
    private final int disorder;
    private final Random random;
    private final List<AssetEvent> told = new ArrayList<>();

    /**
     * A story.
     *
     * @param seed which one
     * @param movies how many movies
     * @param appliances on how many appliances of each part of the CDN
     * @param disorder how many events later one arrives at most
     */
    public AssetStory(long seed, int movies, int appliances, int disorder) {
        this.random = new Random(seed);
        this.movies = movies;
        this.appliances = appliances;
        this.disorder = disorder;
    }

    /** The next events, in the order in which they arrive; a fourth of them removes. */
    public List<AssetEvent> next(int events) {
        List<AssetEvent> next = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            AssetEvent event = event(BEGIN.plusMillis(told.size()));
            told.add(event);
            next.add(event);
        }
        Map<AssetEvent, Integer> arrivals = new IdentityHashMap<>();
        for (int i = 0; i < next.size(); i++) {
            arrivals.put(next.get(i), i + random.nextInt(disorder + 1));
        }
        next.sort(Comparator.comparing(arrivals::get));
        return next;
    }

    private AssetEvent event(Instant time) {
        String path = random.nextInt(4) == 0 ? null : "/files/" + random.nextInt(1_000_000);
        return new AssetEvent(
                CDNS.get(random.nextInt(CDNS.size())),
                "m-" + random.nextInt(movies),
                "oca-" + random.nextInt(appliances),
                path,
                time);
    }

    /** Adds an event that nobody is told by its arrival: a full publish has it all the same. */
    public void addUnheard(AssetEvent event) {
        told.add(event);
    }

    /** The time of the next event. */
    public Instant now() {
        return BEGIN.plusMillis(told.size());
    }

    /** The documents of a full publish: all that is there now. */
    public List<String> published() {
        List<String> documents = new ArrayList<>();
        last().values()
                .forEach(ofKey -> ofKey.stream().map(AssetEvent::document).forEach(documents::add));
        return documents;
    }

    /** What each key is: {@code appliance path} of each file that is there, in the order of the appliances; keys without any are not there. */
    public Map<String, List<String>> truth() {
        Map<String, List<String>> truth = new TreeMap<>();
        last().forEach((key, events) -> truth.put(
                key,
                events.stream()
                        .map(event -> event.appliance() + " " + event.path())
                        .toList()));
        return truth;
    }

    private Map<String, Collection<AssetEvent>> last() {
        Map<String, Map<String, AssetEvent>> last = new TreeMap<>();
        for (AssetEvent event : told) {
            last.computeIfAbsent(event.key(), none -> new TreeMap<>())
                    .merge(event.appliance(), event, AssetStory::later);
        }
        Map<String, Collection<AssetEvent>> there = new TreeMap<>();
        last.forEach((key, items) -> {
            items.values().removeIf(event -> event.path() == null);
            if (!items.isEmpty()) {
                there.put(key, items.values());
            }
        });
        return there;
    }

    private static AssetEvent later(AssetEvent one, AssetEvent other) {
        return one.time().isAfter(other.time()) ? one : other;
    }
}
