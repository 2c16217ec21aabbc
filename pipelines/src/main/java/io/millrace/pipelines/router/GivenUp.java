package io.millrace.pipelines.router;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.StoredDeadLetter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a route gave up of one event: the event itself, or results of it. The event goes on from the first step that gave it up, since
 * what comes of it then has again what later ones gave up.
 */
record GivenUp(Collection<StoredDeadLetter> letters) {

    /** Out of stored dead letters, each however often. */
    static GivenUp of(Iterable<byte[]> stored) {
        Map<String, StoredDeadLetter> once = new LinkedHashMap<>();
        for (byte[] json : stored) {
            StoredDeadLetter letter = StoredDeadLetter.parse(json);
            DeadLetter given = letter.deadLetter();
            once.putIfAbsent(given.step() + " " + given.id(), letter);
        }
        return new GivenUp(once.values());
    }

    /** The event as it was read, where that was given up. */
    Optional<DeadLetter> event() {
        return whole(letter -> !isOf(StoredDeadLetter.SCRIPT, letter) && !isOf(StoredDeadLetter.SINK, letter))
                .findFirst();
    }

    /** One whose value is to be read at its origin. */
    Optional<DeadLetter> omitted() {
        return allOmitted().findFirst();
    }

    /** Those whose values are to be read at their origin. */
    Stream<DeadLetter> allOmitted() {
        return letters.stream().filter(StoredDeadLetter::valueOmitted).map(StoredDeadLetter::deadLetter);
    }

    /** What the script was given; or else, the results that the sink was given. */
    List<DeadLetter> resumed() {
        List<DeadLetter> ofScript =
                whole(letter -> isOf(StoredDeadLetter.SCRIPT, letter)).toList();
        return ofScript.isEmpty()
                ? whole(letter -> isOf(StoredDeadLetter.SINK, letter)).toList()
                : ofScript;
    }

    private Stream<DeadLetter> whole(Predicate<DeadLetter> of) {
        return letters.stream()
                .filter(letter -> !letter.valueOmitted())
                .map(StoredDeadLetter::deadLetter)
                .filter(of);
    }

    private static boolean isOf(String step, DeadLetter letter) {
        return letter.step().equals(step);
    }
}
