package io.millrace.testfixtures.events;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.testfixtures.events.PlayEvent.Header;
import io.millrace.testfixtures.events.PlayEvent.Play;
import io.millrace.testfixtures.events.Population.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Makes the event at a position, from a random source that depends on the seed and that position alone. */
final class PlayMaker {

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final int FURTHEST_DUPLICATE = 50;
    private static final byte[] NO_UTF_8 = {(byte) 0xC3, (byte) 0x28, (byte) 0xFF};

    private final PlayEvents settings;
    private final Zipf profiles;
    private final Zipf titles;

    PlayMaker(PlayEvents settings) {
        this.settings = settings;
        this.profiles = new Zipf(settings.profiles, settings.skew);
        this.titles = new Zipf(settings.titles, settings.skew);
    }

    PlayEvent make(int position) {
        SplittableRandom random = new SplittableRandom(settings.seed ^ (position + 1) * GOLDEN_RATIO);
        boolean repeats = random.nextDouble() < settings.duplicateShare;
        int back = random.nextInt(FURTHEST_DUPLICATE) + 1;
        return repeats && back <= position ? repeat(make(position - back), position) : original(position, random);
    }

    private PlayEvent repeat(PlayEvent first, int position) {
        return new PlayEvent(
                position,
                first.original(),
                first.late(),
                first.defect(),
                first.key(),
                first.value(),
                first.headers(),
                arrival(position),
                first.eventTime(),
                first.play());
    }

    private PlayEvent original(int position, SplittableRandom random) {
        boolean late = random.nextDouble() < settings.lateShare;
        Defect defect = defect(random.nextDouble());
        Instant eventTime = eventTime(position, late, random);
        int profile = profiles.draw(random);
        Place place = Population.placeOf(profile);
        Play play = play(profile, titles.draw(random), place, random);
        String document = document(position, play, place, time(eventTime, position, defect), defect, random);
        return new PlayEvent(
                position,
                position,
                late,
                defect,
                key(play, defect),
                value(document, defect, random),
                headers(position, defect),
                arrival(position),
                eventTime,
                play);
    }

    private Defect defect(double draw) {
        double from = 0;
        for (Map.Entry<Defect, Double> share : settings.defectShares.entrySet()) {
            from += share.getValue();
            if (draw < from) {
                return share.getKey();
            }
        }
        return Defect.NONE;
    }

    private Instant arrival(int position) {
        return settings.start.plus(settings.step.multipliedBy(position));
    }

    private Instant eventTime(int position, boolean late, SplittableRandom random) {
        long before = random.nextLong(settings.outOfOrder.toMillis() + 1);
        Instant onTime = arrival(position).minusMillis(before);
        return late ? onTime.minus(settings.outOfOrder).minus(settings.lateBy) : onTime;
    }

    private Play play(int profile, int title, Place place, SplittableRandom random) {
        int seconds = Population.drawSeconds(random);
        return new Play(
                Population.profileId(profile),
                Population.titleId(title),
                place.country(),
                place.city(),
                Population.drawDevice(random),
                seconds,
                seconds > 3_600);
    }

    /** What stands behind {@code "ts":}, or null where there is no such field. */
    private @Nullable String time(Instant eventTime, int position, Defect defect) {
        return switch (defect) {
            case MISSING_TIME -> null;
            case UNREADABLE_TIME -> "\"yesterday\"";
            case FAR_FUTURE_TIME ->
                Long.toString(arrival(position).plus(Duration.ofDays(365)).toEpochMilli());
            default -> Long.toString(eventTime.toEpochMilli());
        };
    }

    private static @Nullable String duration(Play play, Defect defect) {
        return switch (defect) {
            case MISSING_DURATION -> null;
            case TEXT_AS_DURATION -> "\"long\"";
            default -> Integer.toString(play.durationSeconds());
        };
    }

    private String document(
            int position, Play play, Place place, @Nullable String time, Defect defect, SplittableRandom random) {
        Json json = new Json()
                .text("event_id", "e-" + Long.toHexString(settings.seed) + "-" + position)
                .text("type", "play")
                .raw("ts", time)
                .text("profile_id", play.profileId())
                .text("title_id", play.titleId())
                .text("country", play.country())
                .text("device", play.device())
                .raw("duration_s", duration(play, defect))
                .raw("bitrate_kbps", Integer.toString(800 + 100 * random.nextInt(150)))
                .raw("rebuffer_ratio", "0." + Population.padded(random.nextInt(1_000), 3))
                .raw("completed", Boolean.toString(play.completed()))
                .raw("geo", geo(place).close())
                .raw("client", client(play, place, random).close());
        return defect == Defect.OVERSIZED ? padded(json) : json.close();
    }

    private static Json geo(Place place) {
        return new Json()
                .text("country", place.country())
                .text("city", place.city())
                .raw("lat", place.latitude())
                .raw("lon", place.longitude());
    }

    private static Json client(Play play, Place place, SplittableRandom random) {
        return new Json()
                .text("app", "11." + random.nextInt(10) + "." + random.nextInt(10))
                .text("os", Population.operatingSystemOf(play.device()))
                .text("language", place.language());
    }

    private String padded(Json json) {
        int without = json.text("padding", "").close().getBytes(UTF_8).length;
        return json.close()
                .replace("\"padding\":\"\"", "\"padding\":\"" + "x".repeat(settings.oversizeBytes - without) + "\"");
    }

    private static byte @Nullable [] key(Play play, Defect defect) {
        return switch (defect) {
            case NULL_KEY -> null;
            case EMPTY_KEY -> new byte[0];
            case NON_UTF8_KEY -> NO_UTF_8.clone();
            default -> play.profileId().getBytes(US_ASCII);
        };
    }

    private static byte @Nullable [] value(String document, Defect defect, SplittableRandom random) {
        byte[] bytes = document.getBytes(UTF_8);
        return switch (defect) {
            case NO_VALUE -> null;
            case BROKEN_JSON -> Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length - 2));
            case BROKEN_TAIL -> Arrays.copyOf(bytes, bytes.length - 1);
            case NOT_AN_OBJECT -> ("[" + document + "]").getBytes(UTF_8);
            default -> bytes;
        };
    }

    private static List<Header> headers(int position, Defect defect) {
        Header source = header("source", "player");
        Header trace = header("trace", Population.padded(position, 8));
        return switch (defect) {
            case REPEATED_HEADER -> List.of(source, trace, header("trace", "again"));
            case NULL_HEADER -> List.of(source, trace, new Header("note", null));
            default -> List.of(source, trace);
        };
    }

    private static Header header(String name, String value) {
        return new Header(name, value.getBytes(US_ASCII));
    }
}
