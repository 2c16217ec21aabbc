package io.millrace.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.testfixtures.events.Defect;
import io.millrace.testfixtures.events.PlayEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What three routes must make of play events, in plain Java: from what is known of each event, not from its bytes.
 *
 * <p>Event {@code n} stands at offset {@code n / partitions} of partition {@code n % partitions}.
 */
record PlayOracle(List<PlayEvent> events, int partitions, String stream) {

    /** The identities of a route's results, and for each the event. */
    Map<String, PlayEvent> delivered(String route) {
        return events.stream()
                .filter(event -> deadLetter(route, event).isEmpty() && takes(route, event))
                .collect(Collectors.toMap(
                        event -> origin(event) + ";" + route + ";0",
                        event -> event,
                        (one, other) -> one,
                        TreeMap::new));
    }

    /** The identities of a route's dead letters, and for each the reason. */
    Map<String, String> deadLetters(String route) {
        Map<String, String> reasons = new TreeMap<>();
        for (PlayEvent event : events) {
            deadLetter(route, event)
                    .ifPresent(reason -> reasons.put(origin(event) + ";" + route + "/dead-letter;0", reason));
        }
        return reasons;
    }

    /** The value that {@code long-plays} makes of an event. */
    static String longPlay(PlayEvent event) {
        return "{\"profile_id\":\"" + event.play().profileId() + "\",\"minutes\":"
                + event.play().durationSeconds() / 60.0 + "}";
    }

    private String origin(PlayEvent event) {
        return stream + ":" + event.position() % partitions + ":" + event.position() / partitions;
    }

    private static boolean takes(String route, PlayEvent event) {
        return !route.equals("long-plays")
                || (isNorthAmerican(event) && event.play().durationSeconds() > 60);
    }

    private static boolean isNorthAmerican(PlayEvent event) {
        return Set.of("US", "CA").contains(event.play().country());
    }

    private static Optional<String> deadLetter(String route, PlayEvent event) {
        return switch (event.defect()) {
            case NO_VALUE -> Optional.of("noValue");
            case BROKEN_JSON, BROKEN_TAIL, NOT_AN_OBJECT -> Optional.of("notJson");
            case MISSING_TIME, UNREADABLE_TIME -> Optional.of("eventTimeUnreadable");
            case FAR_FUTURE_TIME -> Optional.of("eventTimeTooFarAhead");
            case MISSING_DURATION, TEXT_AS_DURATION -> wrongDuration(route, event);
            case OVERSIZED -> route.equals("everything") ? Optional.of("tooLarge") : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** The filter of one route fails, and the index of another expects a number where there is a text. */
    private static Optional<String> wrongDuration(String route, PlayEvent event) {
        if (route.equals("long-plays") && isNorthAmerican(event)) {
            return Optional.of("filterFailed");
        }
        return route.equals("everything") && event.defect() == Defect.TEXT_AS_DURATION
                ? Optional.of("refused")
                : Optional.empty();
    }

    /** The document of an event that has one. */
    static String document(PlayEvent event) {
        return new String(event.value(), UTF_8);
    }
}
