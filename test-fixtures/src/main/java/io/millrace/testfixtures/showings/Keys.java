package io.millrace.testfixtures.showings;

import io.millrace.testfixtures.events.Zipf;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Draws pairs of a profile and a title, so that what is said of one sort of them is not undone by another. */
final class Keys {

    private final Zipf profiles;
    private final Zipf titles;
    private final int titleCount;
    private final long count;
    private final Map<Long, Sort> sorts = new HashMap<>();

    Keys(int profileCount, int titleCount, double skew) {
        this.profiles = new Zipf(profileCount, skew);
        this.titles = new Zipf(titleCount, skew);
        this.titleCount = titleCount;
        this.count = (long) profileCount * titleCount;
    }

    /** A pair by the skew or, where others have it, the next one that is free. */
    Key draw(Sort sort, SplittableRandom random) {
        long drawn = (long) profiles.draw(random) * titleCount + titles.draw(random);
        for (long further = 0; further < count; further++) {
            long number = (drawn + further) % count;
            if (take(number, sort)) {
                return new Key((int) (number / titleCount), (int) (number % titleCount));
            }
        }
        throw new IllegalStateException(
                "profiles times titles must be more, but all " + count + " pairs are taken by others");
    }

    private boolean take(long number, Sort sort) {
        Sort taken = sorts.putIfAbsent(number, sort);
        return taken == null || (taken == sort && sort != Sort.LED_TOO_EARLY);
    }

    record Key(int profile, int title) {}

    /** What becomes of a pair. */
    enum Sort {
        /** It is shown and played, as often as it is drawn. */
        LED,
        /** It is shown, and played once when all of that is forgotten. */
        LED_TOO_EARLY,
        /** It is played and never shown. */
        UNLED,
        /** It is shown and never played. */
        UNPLAYED
    }
}
