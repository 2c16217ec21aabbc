package io.millrace.testfixtures.events;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The table of the titles that {@link PlayEvents} are plays of, a JSON object each. It lacks one in fifty. */
public final class Titles {
    private static final List<String> KINDS = List.of("film", "series", "documentary");
    private static final List<String> GENRES = List.of("drama", "comedy", "thriller", "animation", "nature");
    private static final int SHORTEST = 20;
    private static final int RUNTIMES = 160;
    private static final int LACKING = 50;

    private Titles() {}

    /** The rows of the first titles, in the order of their ids. */
    public static List<String> rows(int titles) {
        return IntStream.range(0, titles)
                .mapToObj(Titles::row)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The row of an event's title; empty where the table lacks it. */
    public static Optional<String> rowOf(String titleId) {
        return row(Integer.parseInt(titleId.substring("t-".length())));
    }

    private static Optional<String> row(int title) {
        if (title % LACKING == LACKING - 1) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                "{\"title_id\":\"t-%06d\",\"name\":\"Title %d\",\"kind\":\"%s\",\"genre\":\"%s\",\"runtime_min\":%d}",
                title,
                title,
                KINDS.get(title % KINDS.size()),
                GENRES.get(title % GENRES.size()),
                SHORTEST + title * 37 % RUNTIMES));
    }
}
