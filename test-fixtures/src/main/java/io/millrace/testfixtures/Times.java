package io.millrace.testfixtures;

import java.time.Instant;

/** The instants that tests of streams speak of, all on one day. */
public final class Times {

    /** Twelve o'clock. */
    public static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    /** One minute past noon. */
    public static final Instant ONE_PAST = NOON.plusSeconds(60);

    /** Two minutes past noon. */
    public static final Instant TWO_PAST = NOON.plusSeconds(2 * 60);

    /** Five minutes past noon. */
    public static final Instant FIVE_PAST = NOON.plusSeconds(5 * 60);

    /** Ten minutes past noon. */
    public static final Instant TEN_PAST = NOON.plusSeconds(10 * 60);

    /** Half an hour past noon. */
    public static final Instant HALF_PAST = NOON.plusSeconds(30 * 60);

    /** One hour past noon. */
    public static final Instant ONE_O_CLOCK = NOON.plusSeconds(60 * 60);

    private Times() {}

    /** The same instant as Beam's signatures want it. */
    public static org.joda.time.Instant joda(Instant instant) {
        return org.joda.time.Instant.ofEpochMilli(instant.toEpochMilli());
    }
}
