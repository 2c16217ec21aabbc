package io.millrace.benchmarks.enrich;

import io.millrace.benchmarks.Figures;
import io.millrace.benchmarks.Median;
import io.millrace.benchmarks.Report;
import io.millrace.benchmarks.TextTable;
import io.millrace.benchmarks.race.Lane;
import io.millrace.benchmarks.race.Latency;
import io.millrace.benchmarks.race.Race;
import io.millrace.benchmarks.race.Standings;
import io.millrace.benchmarks.race.Throughput;
import io.millrace.benchmarks.race.Work;
import io.millrace.benchmarks.race.Workload;
import io.millrace.testfixtures.flink.FlinkCluster;
import io.millrace.testfixtures.history.Behaviour;
import io.millrace.testfixtures.history.HistoryService;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.testfixtures.server.WorkDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Lookups.
 *
 * <p><i>Figures</i>: {@code enrich asked64 of limit} and {@code enrich asked1000 of limit} are the rates of results over what Little's law
 * allows with so many lookups in flight; {@code enrich asked/native} the rate over that of a job of Flink's own asynchronous function,
 * the lower one of the two; {@code enrich limit100 min} and {@code max} the fewest and most calls in a second, over any ten, with a limit
 * of 100, the most also where jobs were started anew; {@code enrich calls/distinct} the calls for each key that is asked for, with a cache. {@code enrich held/plain} is the rate of a
 * route with a table of a million rows over that of the same without it, {@code enrich held/plain of all} that of a route that looks up all
 * there is and does nothing else; {@code enrich reload stop s} the longest time without a result while such a table is loaded again.
 */
@Command(
        name = "enrich",
        description = {
            "asked: a service of HTTP that answers in 50 ms, beside a job of Flink's own asynchronous function.",
            "slow: how long a result takes, beside the same, where two events come in a second.",
            "limit: at most 100 calls in a second of a job on a cluster: of four tasks in two processes, one of which is killed; of two"
                    + " tasks that go on from there; and where one of four has all the events. Needs the jar of mvn package.",
            "cache: keys of which few are asked for often.",
            "held: a table of a million rows in memory, beside the same route without it; and while it is loaded again.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  enrich --quick",
            "  enrich --parts=asked",
            "  enrich --json=figures.json --results=benchmarks/results"
        })
public final class EnrichBenchmark implements Callable<Integer> {
    private static final Duration CALL = Duration.ofMillis(50);
    private static final int LIMIT = 100;
    private static final Duration SPAN = Duration.ofSeconds(10);
    private static final int PARTITIONS = 4;
    private static final double RELOADING_EVENTS = 20_000;

    @Mixin
    private final Report report = new Report();

    /** What can be measured alone. */
    enum Part {
        ASKED,
        SLOW,
        LIMIT,
        CACHE,
        HELD;

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

    @Option(names = "--rows", paramLabel = "N", description = "The rows of the table that is held. Default 1,000,000.")
    private int rows = 1_000_000;

    private final Figures figures = new Figures();
    private final List<String> text = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        try (WorkDirectory folder = WorkDirectory.create("enrich-benchmark");
                KafkaBroker broker = KafkaBroker.createForLoad().start();
                HistoryService service = HistoryService.create().start()) {
            service.behave(Behaviour.answer().after(CALL));
            if (parts.contains(Part.ASKED)) {
                asked(broker, service, folder);
            }
            if (parts.contains(Part.SLOW)) {
                slow(broker, service, folder);
            }
            if (parts.contains(Part.LIMIT)) {
                limit(broker, service, folder);
            }
            if (parts.contains(Part.CACHE)) {
                cache(broker, service, folder);
            }
        }
        if (parts.contains(Part.HELD)) {
            held();
        }
        report.publish("enrich", String.join(System.lineSeparator(), text), figures);
        return 0;
    }

    private void asked(KafkaBroker broker, HistoryService service, WorkDirectory folder) {
        Workload.load(broker, "asked-plays", 1, 1, report.quick() ? 2_000_000 : 6_000_000, play -> true);
        LookupTrial trial = new LookupTrial(broker, folder.path(), "asked-plays");
        TextTable table = TextTable.of("in flight", "limit, /s", "Millrace, /s", "native Flink, /s");
        double against = Double.POSITIVE_INFINITY;
        for (int inFlight : List.of(64, 1_000)) {
            Lookup lookup = Lookup.of(service.url(), inFlight);
            DoubleStream.Builder ours = DoubleStream.builder();
            DoubleStream.Builder natives = DoubleStream.builder();
            for (int round = 0; round < (report.quick() ? 1 : 3); round++) {
                ours.add(rate(trial, EnrichedRoute.class, lookup, service));
                natives.add(rate(trial, NativeLookup.class, lookup, service));
            }
            double limit = inFlight / (CALL.toMillis() / 1e3);
            double our = Median.of(ours.build());
            double other = Median.of(natives.build());
            table.row(Standings.whole(inFlight), Standings.whole(limit), Standings.whole(our), Standings.whole(other));
            figures.ratio("enrich asked" + inFlight + " of limit", our / limit);
            against = Math.min(against, our / other);
        }
        text.add(table.toString());
        figures.ratio("enrich asked/native", against);
    }

    private void slow(KafkaBroker broker, HistoryService service, WorkDirectory folder) {
        SlowTrial trial = new SlowTrial(broker, folder.path(), Duration.ofSeconds(report.quick() ? 20 : 90));
        Lookup lookup = Lookup.of(service.url(), 64);
        TextTable table = TextTable.of("two events in a second", "results", "median, ms", "longest, ms");
        row(table, "Millrace", trial.run(EnrichedRoute.class, lookup));
        row(table, "native Flink", trial.run(NativeLookup.class, lookup));
        text.add(table.toString());
    }

    private static void row(TextTable table, String name, Latency latency) {
        table.row(
                name,
                Standings.whole(latency.count()),
                Standings.whole(latency.percentile(0.5)),
                Standings.whole(latency.percentile(1)));
    }

    private double rate(LookupTrial trial, Class<? extends Work> work, Lookup lookup, HistoryService service) {
        service.forgetCalls();
        return trial.resultsPerSecond(
                work,
                lookup,
                Duration.ofSeconds(report.quick() ? 30 : 60),
                Duration.ofSeconds(report.quick() ? 15 : 30));
    }

    private void limit(KafkaBroker broker, HistoryService service, WorkDirectory folder) {
        Workload.load(broker, "limited-plays", PARTITIONS, PARTITIONS, 200_000, play -> true);
        Workload.load(broker, "skewed-plays", PARTITIONS, 1, 200_000, play -> true);
        Lookup lookup = Lookup.of(service.url(), 64).withCallsPerSecond(LIMIT);
        Lookup rescaled = lookup.withParallelism(PARTITIONS / 2);
        service.forgetCalls();
        TextTable table = TextTable.of("tasks", "fewest calls/s over 10 s", "most calls/s over 10 s");
        double least;
        try (FlinkCluster cluster = FlinkCluster.of(2, PARTITIONS / 2).start()) {
            LimitTrial trial = new LimitTrial(broker, service, cluster, folder.path());
            trial.start("limited-plays", lookup.withParallelism(PARTITIONS));
            least = rates(trial, PARTITIONS + ", evenly loaded", table);
            trial.kill();
            least = Math.min(least, rates(trial, "and after a process was killed", table));
            trial.rescale("limited-plays", rescaled);
            least = Math.min(least, rates(trial, rescaled.parallelism() + ", evenly loaded", table));
            trial.start("skewed-plays", lookup.withParallelism(PARTITIONS));
            rates(trial, PARTITIONS + ", one of them with all events", table);
        }
        double most = CallRates.of(service.calls()).most(SPAN);
        table.row("all of it, with the restarts", "", Standings.decimals(most));
        text.add(table.toString());
        figures.ratio("enrich limit100 min", least);
        figures.ratio("enrich limit100 max", most);
    }

    private double rates(LimitTrial trial, String name, TextTable table) {
        CallRates rates = trial.rates(SPAN, Duration.ofSeconds(report.quick() ? 30 : 90));
        double least = rates.least(SPAN);
        table.row(name, Standings.decimals(least), Standings.decimals(rates.most(SPAN)));
        return least;
    }

    private void held() throws IOException {
        try (WorkDirectory folder = WorkDirectory.create("held-benchmark");
                KafkaBroker broker = KafkaBroker.createForLoad().start()) {
            Titles titles = new Titles(folder.path().resolve("titles.jsonl"), rows);
            titles.write(1);
            race(broker, folder, titles);
            ReloadTrial trial =
                    new ReloadTrial(broker, folder.path(), titles, Duration.ofSeconds(report.quick() ? 10 : 30));
            ReloadTrial.Outcome outcome = trial.run(RELOADING_EVENTS);
            text.add("%,.0f events/s: at most %.2f s without a result, and %.2f s while %,d rows are loaded again.%n"
                    .formatted(RELOADING_EVENTS, outcome.beforeSeconds(), outcome.duringSeconds(), rows));
            figures.ratio("enrich reload stop s", outcome.duringSeconds());
        }
    }

    private void race(KafkaBroker broker, WorkDirectory folder, Titles titles) {
        Workload workload =
                Workload.load(broker, "held-plays", 1, 1, report.quick() ? 3_000_000 : 15_000_000, play -> true);
        List<Lane> lanes = new ArrayList<>();
        for (HeldRoute.Kind kind : HeldRoute.Kind.values()) {
            lanes.add(HeldRoute.lane(kind, false, titles, workload).withoutOutput());
            lanes.add(HeldRoute.lane(kind, true, titles, workload).withoutOutput());
        }
        Standings standings = new Standings(lanes);
        Race.Span span = new Race.Span(
                0.6, Duration.ofSeconds(report.quick() ? 10 : 60), 0.95, Duration.ofSeconds(report.quick() ? 5 : 10));
        try (Race race = new Race(broker, folder.path(), span)) {
            for (int round = 0; round < (report.quick() ? 1 : 3); round++) {
                race.run(lanes.subList(0, 2)).forEach(standings::add);
                race.run(lanes.subList(2, 4)).forEach(standings::add);
            }
        }
        text.add(standings.table().toString());
        standings.addRatio(
                figures, "enrich held/plain", lanes.get(1).name(), lanes.get(0).name(), Throughput::eventsPerSecond);
        standings.addRatio(
                figures,
                "enrich held/plain of all",
                lanes.get(3).name(),
                lanes.get(2).name(),
                Throughput::eventsPerSecond);
    }

    private void cache(KafkaBroker broker, HistoryService service, WorkDirectory folder) {
        int events = report.quick() ? 200_000 : 1_000_000;
        Workload.load(broker, "cached-plays", 1, 1, events, play -> true);
        long keys = Workload.events(events)
                .map(event -> event.play().profileId())
                .distinct()
                .count();
        service.forgetCalls();
        Lookup lookup = Lookup.of(service.url(), 1_000).withCache();
        new LookupTrial(broker, folder.path(), "cached-plays")
                .run(EnrichedRoute.class, lookup, running -> running.await(events));
        long calls = service.counters().calls();
        text.add("%,d events of %,d keys, each kept longer than the run: %,d calls.%n".formatted(events, keys, calls));
        figures.ratio("enrich calls/distinct", (double) calls / keys);
    }
}
