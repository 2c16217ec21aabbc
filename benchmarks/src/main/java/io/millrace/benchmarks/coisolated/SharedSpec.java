package io.millrace.benchmarks.coisolated;

import io.millrace.benchmarks.race.Assignment;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Specs of one job for many routes, as a user would write them. */
final class SharedSpec {
    private SharedSpec() {}

    /** A route for each filter, whose results are counted and not written. */
    static String withoutSinks(Assignment assignment, List<String> filters) {
        return head(assignment)
                + IntStream.range(0, filters.size())
                        .mapToObj(number -> """
                                  - name: route-%d
                                    filter: '%s'
                                    sink: {none: {}}
                                """.formatted(number, filters.get(number)))
                        .collect(Collectors.joining());
    }

    private static String head(Assignment assignment) {
        return """
                name: benchmark
                source:
                  kafka: {bootstrapServers: "%s", topics: [%s], start: earliest}
                deadLetters:
                  console: {}
                routes:
                """.formatted(assignment.bootstrapServers(), assignment.input());
    }
}
