package io.millrace.testfixtures.events;

import java.util.List;
import java.util.SplittableRandom;

/** Who plays what, where and on what: the names that all streams of the fixtures have in common. */
public final class Population {
    private static final List<String> DEVICES = List.of("tv", "phone", "tablet", "web", "console");
    private static final List<String> OPERATING_SYSTEMS = List.of("tvos", "android", "ipados", "linux", "orbis");
    private static final List<Place> PLACES = List.of(
            new Place("US", "New York", "40.713", "-74.006", "en-US"),
            new Place("US", "Los Angeles", "34.052", "-118.244", "en-US"),
            new Place("CA", "Montréal", "45.509", "-73.554", "fr-CA"),
            new Place("BR", "São Paulo", "-23.550", "-46.633", "pt-BR"),
            new Place("DE", "Köln", "50.938", "6.960", "de-DE"),
            new Place("IN", "Mumbai", "19.076", "72.878", "hi-IN"),
            new Place("JP", "東京", "35.690", "139.692", "ja-JP"),
            new Place("GB", "London", "51.507", "-0.128", "en-GB"));

    private Population() {}

    /** The id of a profile by its rank, from 0. */
    public static String profileId(int profile) {
        return "p-" + padded(profile, 7);
    }

    /** The id of a title by its rank, from 0. */
    public static String titleId(int title) {
        return "t-" + padded(title, 6);
    }

    /** The country that a profile lives in. */
    public static String countryOf(int profile) {
        return placeOf(profile).country();
    }

    /** A device to play on. */
    public static String drawDevice(SplittableRandom random) {
        return DEVICES.get(random.nextInt(DEVICES.size()));
    }

    /** For how many seconds somebody plays: up to two hours, and in a quarter of all plays a minute at most. */
    public static int drawSeconds(SplittableRandom random) {
        return random.nextInt(random.nextInt(4) == 0 ? 60 : 7_200) + 1;
    }

    static Place placeOf(int profile) {
        return PLACES.get(profile % PLACES.size());
    }

    static String operatingSystemOf(String device) {
        return OPERATING_SYSTEMS.get(DEVICES.indexOf(device));
    }

    static String padded(int number, int digits) {
        String text = Integer.toString(number);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    record Place(String country, String city, String latitude, String longitude, String language) {}
}
