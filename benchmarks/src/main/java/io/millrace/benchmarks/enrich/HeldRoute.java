package io.millrace.benchmarks.enrich;

import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.Lane;
import io.millrace.benchmarks.race.Work;
import io.millrace.benchmarks.race.Workload;
import io.millrace.pipelines.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A route from Kafka to Kafka, with a table that is held or without, as a user runs it. */
public final class HeldRoute implements Work {
    /** The heap of a job; two tables fit into it. */
    static final String HEAP = "1g";

    private static final String NOTHING = "-";

    /** What else a route does. */
    enum Kind {
        /** Some plays are taken, and four of their fields, and with a table the name of the title; they alone are looked up. */
        ROUTING("""
                    filter: 'event.duration_s > 60 && event.country in ["US", "CA"]'
                    project: [profile_id, title_id, device, duration_s, title.name]
                """),
        /** Nothing: each play is looked up, and passes on with all of its row. */
        PASSING("");

        private final String settings;

        Kind(String settings) {
            this.settings = settings;
        }
    }

    /** A lane with a table, or without. */
    static Lane lane(Kind kind, boolean held, Titles titles, Workload workload) {
        String name = (held ? "held, " : "plain, ") + kind.name().toLowerCase(Locale.ROOT);
        return Lane.of(name, HeldRoute.class, arguments(kind, held ? titles : null, NOTHING), workload)
                .withHeap(HEAP);
    }

    /** The arguments of a route whose table is looked for again each time that a period is over. */
    static List<String> reloading(Titles titles, String reloadEvery) {
        return arguments(Kind.PASSING, titles, reloadEvery);
    }

    private static List<String> arguments(Kind kind, @Nullable Titles titles, String reloadEvery) {
        return List.of(kind.name(), titles == null ? NOTHING : titles.file().toString(), reloadEvery);
    }

    @Override
    public void run(List<String> arguments) throws IOException {
        List<String> own = arguments.subList(Assignment.ARGUMENTS, arguments.size());
        Path spec = Files.createTempFile("held", ".yaml");
        Files.writeString(spec, spec(Assignment.parse(arguments), Kind.valueOf(own.get(0)), own.get(1), own.get(2)));
        Millrace.main(new String[] {"router", "--spec=" + spec, "--runner=flink-local", "--parallelism=1"});
    }

    private static String spec(Assignment assignment, Kind kind, String table, String reloadEvery) {
        return """
                name: benchmark
                source:
                  kafka: {bootstrapServers: "%1$s", topics: [%2$s], start: earliest}
                routes:
                  - name: plays
                %3$s%4$s    sink: {kafka: {bootstrapServers: "%1$s", topic: %5$s}}
                deadLetters:
                  console: {}
                """.formatted(
                        assignment.bootstrapServers(),
                        assignment.input(),
                        kind.settings,
                        table.equals(NOTHING) ? "" : enrich(table, reloadEvery),
                        assignment.output());
    }

    private static String enrich(String table, String reloadEvery) {
        String reload = reloadEvery.equals(NOTHING) ? "" : ", reloadEvery: " + reloadEvery;
        return """
                    enrich:
                      - into: title
                        key: event.title_id
                        table: {keyField: id, files: {path: "%s"}%s}
                """.formatted(table, reload);
    }
}
