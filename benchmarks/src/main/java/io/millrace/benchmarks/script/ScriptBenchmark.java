package io.millrace.benchmarks.script;

import io.millrace.benchmarks.Figures;
import io.millrace.benchmarks.Report;
import io.millrace.benchmarks.TextTable;
import io.millrace.benchmarks.expression.Shape;
import io.millrace.benchmarks.micro.Jmh;
import io.millrace.benchmarks.race.Lane;
import io.millrace.benchmarks.race.Race;
import io.millrace.benchmarks.race.Standings;
import io.millrace.benchmarks.race.Throughput;
import io.millrace.benchmarks.race.Workload;
import io.millrace.io.kafka.ControlTopic;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.testfixtures.events.PlayEvent.Play;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.testfixtures.server.WorkDirectory;
import io.millrace.transforms.event.SystemClock;
import io.millrace.transforms.script.version.ControlRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Scripts in JavaScript.
 *
 * <p><i>Figures</i>: {@code script cpu/java-tree} is the time of a filter and a map over that of Java over a tree of Jackson's, for the
 * kind of document where that is the most; {@code script dynamic/static} the processor time of a job whose script may change over that of
 * one whose script may not; {@code script activation s} the longest time from a publication to a first result of every partition;
 * {@code script hostile good-rate} the results of good events while they are attacked, for each event, over those while they are not.
 */
@Command(
        name = "script",
        description = {
            "step: a filter and a map in JavaScript over events of 400 bytes, bytes in to bytes out, beside Java over a tree of"
                    + " Jackson's.",
            "dynamic: a route whose script may change beside one whose script may not, from Kafka to Kafka, in turns of a second.",
            "activation: the time from the publication of a version to its first result of every partition, at parallelism 4; and"
                    + " that every event was processed once, by the version of its time.",
            "hostile: good events at half of the full load, while every attack of a hostile script is brought about among them.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  script --quick",
            "  script --parts=step",
            "  script --json=figures.json --results=benchmarks/results"
        })
public final class ScriptBenchmark implements Callable<Integer> {
    private static final String CONTROL = "script-versions";

    @Mixin
    private final Report report = new Report();

    /** What can be measured alone. */
    enum Part {
        STEP,
        DYNAMIC,
        ACTIVATION,
        HOSTILE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--parts",
            split = ",",
            paramLabel = "PART",
            description = "Only these of ${COMPLETION-CANDIDATES}. Default all.")
    private List<Part> parts = List.of(Part.values());

    private final Figures figures = new Figures();
    private final List<String> text = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        if (parts.contains(Part.STEP)) {
            step();
        }
        try (WorkDirectory folder = WorkDirectory.create("script-benchmark")) {
            if (parts.contains(Part.DYNAMIC)) {
                dynamic(folder);
            }
            if (parts.contains(Part.ACTIVATION)) {
                activation(folder);
            }
            if (parts.contains(Part.HOSTILE)) {
                hostile(folder);
            }
        }
        report.publish("script", String.join(System.lineSeparator(), text), figures);
        return 0;
    }

    private void step() {
        Jmh jmh = report.quick() ? new Jmh(1, 5) : new Jmh(3, 15);
        TextTable table = TextTable.of("documents", "script, ns", "Java over a tree, ns", "ratio");
        double worst = 0;
        for (Shape shape : Shape.values()) {
            Jmh.Counts counts = jmh.measure(StepMeasurement.class, Map.of("shape", shape.name()));
            double ratio = counts.median("script", "tree");
            worst = Math.max(worst, ratio);
            table.row(
                    shape.name().toLowerCase(Locale.ROOT),
                    Standings.whole(counts.median("script", "documents")),
                    Standings.whole(counts.median("tree", "documents")),
                    Standings.decimals(ratio));
        }
        text.add(table.toString());
        figures.ratio("script cpu/java-tree", worst);
    }

    private void dynamic(WorkDirectory folder) throws IOException {
        int events = report.quick() ? 4_000_000 : 20_000_000;
        try (KafkaBroker broker = KafkaBroker.createForLoad().start();
                Race race = new Race(broker, folder.path(), span())) {
            Workload plays = Workload.load(broker, "plays", 8, 8, events, ScriptBenchmark::isTaken);
            publish(broker);
            Lane fixed = Lane.of("static", ScriptRoute.class, ScriptRoute.arguments(ScriptRoute.STATIC, 1), plays);
            Lane dynamic = Lane.of("dynamic", ScriptRoute.class, ScriptRoute.arguments(CONTROL, 1), plays);
            Standings standings = standings(race, List.of(fixed, dynamic));
            text.add(standings.table().toString());
            standings.addRatio(figures, "script dynamic/static", "dynamic", "static", Throughput::cpuMicrosPerEvent);
        }
    }

    private Race.Span span() {
        return report.quick()
                ? new Race.Span(0.6, Duration.ofSeconds(20), 0.95, Duration.ofSeconds(5))
                : new Race.Span(0.75, Duration.ofSeconds(60), 0.97, Duration.ofSeconds(10));
    }

    private Standings standings(Race race, List<Lane> lanes) {
        Standings standings = new Standings(lanes);
        int rounds = report.quick() ? 1 : 3;
        for (int round = 0; round < rounds; round++) {
            List<Lane> order = new ArrayList<>(lanes);
            Collections.rotate(order, round);
            race.run(order).forEach(standings::add);
        }
        return standings;
    }

    private static boolean isTaken(Play play) {
        return play.durationSeconds() > 60 && List.of("US", "CA").contains(play.country());
    }

    private static void publish(KafkaBroker broker) throws IOException {
        Instant now = Instant.ofEpochMilli(SystemClock.utc().millis());
        KafkaEvents.controlLog(ControlTopic.of(broker.bootstrapServers(), CONTROL))
                .append(ControlRecord.ofSource("v1", ScriptRoute.SOURCE, now.plusSeconds(1), "benchmark"));
    }

    private void activation(WorkDirectory folder) throws IOException {
        try (KafkaBroker broker = KafkaBroker.createForLoad().start()) {
            ActivationTrial.Outcome outcome = new ActivationTrial(broker, folder.path(), report.quick() ? 3 : 10).run();
            text.add("""
                    Seconds from each publication to its first result of every partition: %s. Of %,d events each had one result, by the \
                    version of its time.
                    """.formatted(outcome.seconds(), outcome.events()));
            figures.ratio("script activation s", Collections.max(outcome.seconds()));
        }
    }

    private void hostile(WorkDirectory folder) {
        Duration each = Duration.ofSeconds(report.quick() ? 20 : 60);
        try (KafkaBroker broker = KafkaBroker.createForLoad().start()) {
            HostileTrial.Outcome outcome =
                    new HostileTrial(broker, folder.path(), report.quick() ? 2_000_000 : 6_000_000, each).run();
            TextTable table = TextTable.of("good events", "events/s", "results/s");
            row(table, "without attacks", outcome.peace());
            row(table, "among " + outcome.attacks() + " attacks in " + each.toSeconds() + " s", outcome.attacked());
            text.add(table.toString());
            figures.ratio(
                    "script hostile good-rate",
                    outcome.attacked().share() / outcome.peace().share());
        }
    }

    private static void row(TextTable table, String name, HostileTrial.Seen seen) {
        table.row(name, Standings.whole(seen.eventsPerSecond()), Standings.whole(seen.resultsPerSecond()));
    }
}
