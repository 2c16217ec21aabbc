package io.millrace.pipelines;

import com.google.common.collect.Sets;
import io.millrace.pipelines.rewind.Retention;
import io.millrace.pipelines.rewind.Watch;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.StateFolder;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Keeps the catalogs of restore points. */
@Command(
        name = "watch",
        description = {
            "Notes the savepoints and checkpoints of a cluster's jobs in catalogs beside the checkpoints, for as long as it runs, and drops"
                    + " those that are gone. It runs in the foreground, until Ctrl-C; it can be ended at any moment and begun again.",
            "",
            "With --savepointEvery it has each job make a savepoint of itself now and then, beside its catalog; one watch alone should do that. With"
                    + " --keepLast or --keepWithin it deletes such savepoints: those that either keeps stay, the newest that is complete always, and so"
                    + " do those that jobs began with which this cluster remembers, those of the last rewind, and files that another point needs. Nothing else is deleted.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  rewind watch --flinkMaster=localhost:8081",
            "  rewind watch --flinkMaster=localhost:8081 --savepointEvery=PT1H --keepLast=48 --keepWithin=P7D",
            "  rewind watch --flinkMaster=localhost:8081 --job=play-events --once     # looks, and ends",
        })
final class RewindWatchCommand implements Callable<Integer> {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    private final Terminal terminal;
    private final Clock clock;

    @Option(
            names = "--job",
            paramLabel = "NAME",
            description =
                    "The only job that is watched, by its name on the cluster. Default: all that Millrace has started.")
    private @Nullable String job;

    @Option(
            names = "--savepointEvery",
            paramLabel = "DURATION",
            description = "How far savepoints of a job are apart, such as PT1H. Default: none are made.")
    private @Nullable Duration savepointEvery;

    @Option(
            names = "--keepLast",
            paramLabel = "COUNT",
            description = "So many of the newest savepoints of the schedule that are complete are kept.")
    private @Nullable Integer keepLast;

    @Option(
            names = "--keepWithin",
            paramLabel = "DURATION",
            description = "Those that are younger are kept, such as P7D. Without it and --keepLast nothing is deleted.")
    private @Nullable Duration keepWithin;

    @Option(names = "--once", description = "Looks once, and ends.")
    private boolean once;

    @Mixin
    private final CatalogOptions options = new CatalogOptions();

    @Mixin
    @SuppressWarnings("unused") // read by picocli
    private final HelpOption help = new HelpOption();

    RewindWatchCommand(Terminal terminal, Clock clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        Optional<FlinkCluster> cluster = options.cluster(problems);
        if (cluster.isEmpty()) {
            problems.add("--flinkMaster", "is required: the host:port of the cluster's REST interface");
        }
        if (keepLast != null && keepLast < 1) {
            problems.add("--keepLast", "must be at least 1, but was " + keepLast);
        }
        positive("--keepWithin", keepWithin, problems);
        positive("--savepointEvery", savepointEvery, problems);
        problems.throwIfAny();
        StateFolder catalogs = options.folder(cluster);
        Watch watch = new Watch(
                cluster.orElseThrow(),
                catalogs,
                new Watch.Settings(job, savepointEvery, retention()),
                clock,
                terminal.out()::println);
        if (once) {
            return once(watch);
        }
        terminal.err().println("keeping restore points in " + catalogs + "; Ctrl-C ends it");
        return keep(watch);
    }

    /** Looks once, and again until a savepoint that is being made is noted. */
    private int once(Watch watch) {
        List<String> troubles = watch.look();
        while (troubles.isEmpty() && watch.awaitsSavepoints() && !isInterruptedMeanwhile()) {
            troubles = watch.look();
        }
        troubles.forEach(terminal.err()::println);
        return troubles.isEmpty() ? Commands.DONE : Commands.FAILED;
    }

    private int keep(Watch watch) {
        Set<String> troubles = Set.of();
        do {
            Set<String> now = new LinkedHashSet<>(watch.look());
            Set<String> over = Sets.difference(troubles, now);
            Sets.difference(now, troubles).forEach(trouble -> terminal.err().println(trouble + "; it is tried again"));
            over.forEach(trouble -> terminal.err().println("that is over: " + trouble));
            troubles = now;
        } while (!isInterruptedMeanwhile());
        return Commands.DONE;
    }

    private static boolean isInterruptedMeanwhile() {
        try {
            return new CountDownLatch(1).await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static void positive(String option, @Nullable Duration duration, Problems problems) {
        if (duration != null && (duration.isZero() || duration.isNegative())) {
            problems.add(option, "must be longer than nothing, but was " + duration);
        }
    }

    private Retention retention() {
        if (keepLast == null && keepWithin == null) {
            return Retention.OF_ALL;
        }
        return new Retention(keepLast == null ? 1 : keepLast, keepWithin);
    }
}
