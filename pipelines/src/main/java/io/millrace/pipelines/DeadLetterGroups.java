package io.millrace.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.event.DeadLetter;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.joda.time.Instant;

/** Dead letters in groups of the same cause, each counted once however often it was stored. */
final class DeadLetterGroups {
    private static final Map<String, Function<DeadLetter, String>> CAUSES = new TreeMap<>(Map.of(
            "reason",
            deadLetter -> deadLetter.reason().text(),
            "route",
            deadLetter -> "",
            "step",
            DeadLetter::step,
            "message",
            DeadLetter::message));

    private static final int LONGEST_SAMPLE = 200;

    private final Function<DeadLetter, String> cause;
    private final Set<String> seen = new HashSet<>();
    private final Map<String, Group> groups = new TreeMap<>();

    private DeadLetterGroups(Function<DeadLetter, String> cause) {
        this.cause = cause;
    }

    /** No groups yet; what makes one is named as the command line has it. Nothing if there is no such name. */
    static Optional<DeadLetterGroups> by(String name) {
        return Optional.ofNullable(CAUSES.get(name)).map(DeadLetterGroups::new);
    }

    /** What groups can be made by. */
    static String names() {
        return String.join(", ", CAUSES.keySet());
    }

    /** Puts a dead letter into its group. */
    void add(DeadLetter deadLetter) {
        if (seen.add(deadLetter.id().toString())) {
            String name = (deadLetter.route() + "  " + cause.apply(deadLetter)).stripTrailing();
            groups.computeIfAbsent(name, none -> new Group(deadLetter)).add(deadLetter.eventTime());
        }
    }

    /** The groups, the largest first. */
    String text() {
        StringBuilder text = new StringBuilder(String.format("%,d dead letters%n", seen.size()));
        groups.entrySet().stream()
                .sorted((one, other) -> Long.compare(other.getValue().count, one.getValue().count))
                .forEach(group -> text.append(group.getValue().text(group.getKey())));
        return text.toString();
    }

    /** The dead letters of one cause. */
    private static final class Group {
        private final DeadLetter sample;
        private long count;
        private Instant first = DeadLetter.NO_TIME;
        private Instant last = DeadLetter.NO_TIME;

        Group(DeadLetter sample) {
            this.sample = sample;
        }

        void add(Instant time) {
            count++;
            if (!time.equals(DeadLetter.NO_TIME)) {
                first = first.equals(DeadLetter.NO_TIME) || time.isBefore(first) ? time : first;
                last = time.isAfter(last) ? time : last;
            }
        }

        String text(String name) {
            String times = first.equals(DeadLetter.NO_TIME) ? "without event time" : "from " + first + " to " + last;
            return String.format(
                    "%n%s: %,d, %s%n  e.g. %s: %s%n       %s%n",
                    name, count, times, sample.event().id(), sample.message(), value());
        }

        private String value() {
            byte[] value = sample.event().value();
            String text = value == null ? "no value" : new String(value, UTF_8);
            return text.length() <= LONGEST_SAMPLE ? text : text.substring(0, LONGEST_SAMPLE) + " ...";
        }
    }
}
