package io.millrace.testfixtures.showings;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.testfixtures.events.Json;
import io.millrace.testfixtures.events.Population;
import io.millrace.testfixtures.showings.Keys.Key;
import io.millrace.testfixtures.showings.Keys.Sort;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes plays, each with the impressions before it, and then impressions that nobody followed; all arrive at once. */
final class StoryMaker {

    private static final List<String> ROWS =
            List.of("continue-watching", "trending", "top-10", "new-releases", "because-you-watched", "my-list");
    private static final int POSITIONS = 40;
    private static final int ARTWORKS = 6;

    private final ImpressionsAndPlays settings;
    private final SplittableRandom random;
    private final Keys keys;
    private final List<TitleEvent> impressions = new ArrayList<>();
    private final List<TitleEvent> plays = new ArrayList<>();

    StoryMaker(ImpressionsAndPlays settings, SplittableRandom random) {
        this.settings = settings;
        this.random = random;
        this.keys = new Keys(settings.profiles, settings.titles, settings.skew);
    }

    void make() {
        for (int play = 0; play < settings.plays; play++) {
            tell(drawSort());
        }
        double perLed = settings.unplayedShare / (1 - settings.unplayedShare);
        for (long left = Math.round(impressions.size() * perLed); left > 0; left--) {
            addImpression(keys.draw(Sort.UNPLAYED, random), drawTime());
        }
    }

    /** In the order in which they were made. */
    List<TitleEvent> impressions() {
        return impressions;
    }

    /** In the order in which they were made. */
    List<TitleEvent> plays() {
        return plays;
    }

    private Sort drawSort() {
        double draw = random.nextDouble();
        if (draw < settings.beyondShare) {
            return Sort.LED_TOO_EARLY;
        }
        return draw < settings.beyondShare + settings.unledShare ? Sort.UNLED : Sort.LED;
    }

    private void tell(Sort sort) {
        Key key = keys.draw(sort, random);
        Instant time = drawTime();
        addPlay(key, time);
        int shown = sort == Sort.UNLED ? 0 : random.nextInt(settings.mostImpressions) + 1;
        for (int i = 0; i < shown; i++) {
            addImpression(key, time.minusMillis(drawDelay(sort)));
        }
    }

    private Instant drawTime() {
        return Instant.ofEpochMilli(settings.start.toEpochMilli() + random.nextLong(settings.lasting.toMillis()));
    }

    private long drawDelay(Sort sort) {
        long lookback = settings.lookback.toMillis();
        return sort == Sort.LED_TOO_EARLY
                ? lookback + drawLogUniform(1, Math.max(1, lookback))
                : drawLogUniform(settings.shortestDelay.toMillis(), settings.longestDelay.toMillis());
    }

    /** From one number to another, both included, as often from 10 to 100 as from 100 to 1,000. */
    private long drawLogUniform(long from, long to) {
        double logFrom = StrictMath.log1p(from);
        double log = logFrom + random.nextDouble() * (StrictMath.log1p(to) - logFrom);
        return Math.min(to, Math.max(from, Math.round(StrictMath.expm1(log))));
    }

    private void addImpression(Key key, Instant time) {
        String id = "i-" + impressions.size();
        Json json = begin(id, key, time)
                .text("row", ROWS.get(random.nextInt(ROWS.size())))
                .raw("position", Integer.toString(random.nextInt(POSITIONS)))
                .text("artwork", "a-" + random.nextInt(ARTWORKS))
                .text("country", Population.countryOf(key.profile()));
        impressions.add(event(id, key, time, json));
    }

    private void addPlay(Key key, Instant time) {
        String id = "p-" + plays.size();
        Json json = begin(id, key, time)
                .text("device", Population.drawDevice(random))
                .text("country", Population.countryOf(key.profile()))
                .raw("duration_s", Integer.toString(Population.drawSeconds(random)));
        plays.add(event(id, key, time, json));
    }

    private static Json begin(String id, Key key, Instant time) {
        return new Json()
                .text("id", id)
                .raw("ts", Long.toString(time.toEpochMilli()))
                .text("profile_id", Population.profileId(key.profile()))
                .text("title_id", Population.titleId(key.title()));
    }

    private static TitleEvent event(String id, Key key, Instant time, Json json) {
        return new TitleEvent(
                id,
                time,
                time,
                Population.profileId(key.profile()),
                Population.titleId(key.title()),
                false,
                false,
                json.close().getBytes(US_ASCII));
    }
}
