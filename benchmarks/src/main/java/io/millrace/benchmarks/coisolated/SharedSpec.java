package io.millrace.benchmarks.coisolated;

import io.millrace.benchmarks.race.Assignment;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Specs of one job for many routes, as a user would write them. */
final class SharedSpec {
    private static final List<String> COUNTRIES = List.of("CA", "BR", "DE", "IN", "JP");

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

    /**
     * A route to each of some topics of the broker that is read, and one to a topic of another broker; each result has the time of its
     * event. What the other broker does not take waits on the first.
     */
    static String withFiveSinks(Assignment assignment, List<String> topics, String slowBroker, String slowTopic) {
        return """
                parking:
                  kafka: {bootstrapServers: "%s", topicPrefix: "%s-parked"}
                """.formatted(assignment.bootstrapServers(), assignment.output())
                + head(assignment)
                + IntStream.range(0, topics.size())
                        .mapToObj(number -> route(number, assignment.bootstrapServers(), topics.get(number)))
                        .collect(Collectors.joining())
                + route(topics.size(), slowBroker, slowTopic);
    }

    private static String route(int number, String broker, String topic) {
        return """
                  - name: route-%d
                    filter: 'event.country == "%s"'
                    project: {at: timestamp, profile_id: event.profile_id, title_id: event.title_id}
                    sink: {kafka: {bootstrapServers: "%s", topic: %s}}
                """.formatted(number, COUNTRIES.get(number), broker, topic);
    }

    private static String head(Assignment assignment) {
        return """
                name: benchmark
                isolation: shared
                source:
                  kafka: {bootstrapServers: "%s", topics: [%s], start: earliest}
                deadLetters:
                  console: {}
                routes:
                """.formatted(assignment.bootstrapServers(), assignment.input());
    }
}
