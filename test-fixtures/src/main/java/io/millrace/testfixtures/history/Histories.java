package io.millrace.testfixtures.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the history service knows: the playback history of every profile, a pure function of the profile's id.
 *
 * <pre>{@code
 * {"profile_id":"p-0000017","plays":2662,"last_title":"t-289720","member_since":"2022-07-28"}
 * }</pre>
 *
 * <p>Ids that begin with {@value #UNKNOWN} are those of profiles that it does not know.
 */
public final class Histories {
    /** How the ids of unknown profiles begin. */
    public static final String UNKNOWN = "unknown";

    private static final int MOST_PLAYS = 5_000;
    private static final int TITLES = 1_000_000;
    private static final int DAYS = 7_000;
    private static final LocalDate FIRST_DAY = LocalDate.of(2007, 1, 16);

    private Histories() {}

    /** Whether there is a history of that profile. */
    public static boolean isKnown(String profileId) {
        return !profileId.startsWith(UNKNOWN);
    }

    /** A profile's history, a JSON object in UTF-8; empty where the profile is unknown. */
    public static Optional<byte[]> of(String profileId) {
        return isKnown(profileId) ? Optional.of(text(profileId).getBytes(UTF_8)) : Optional.empty();
    }

    /** A JSON object in UTF-8 with the history of each profile by its id, without the unknown ones. */
    public static byte[] of(Collection<String> profileIds) {
        return new LinkedHashSet<>(profileIds)
                .stream()
                        .filter(Histories::isKnown)
                        .map(id -> quoted(id) + ":" + text(id))
                        .collect(Collectors.joining(",", "{", "}"))
                        .getBytes(UTF_8);
    }

    private static String text(String profileId) {
        long hash = hash(profileId);
        return "{\"profile_id\":" + quoted(profileId)
                + ",\"plays\":" + part(hash, MOST_PLAYS)
                + ",\"last_title\":\"t-" + sixDigits(part(hash >>> 16, TITLES))
                + "\",\"member_since\":\"" + FIRST_DAY.plusDays(part(hash >>> 40, DAYS))
                + "\"}";
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    private static String sixDigits(int number) {
        return Integer.toString(TITLES + number).substring(1);
    }

    private static int part(long hash, int bound) {
        return (int) Long.remainderUnsigned(hash, bound);
    }

    /** FNV-1a over the characters, then the finalizer of MurmurHash3. */
    private static long hash(String text) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
        hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return hash ^ (hash >>> 33);
    }
}
