package io.millrace.pipelines;

import static java.util.stream.Collectors.joining;

import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.PointText;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.StateFolder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the restore points of a job. */
@Command(
        name = "list",
        description = {
            "Shows the savepoints and checkpoints from which a job can go on, the newest first: when each was begun, how far event time"
                    + " and the reading of Kafka had come, the versions of the job, its size, whether all of it was there when that was looked at"
                    + " last, and when rewind rehearse last proved that a job can begin with it.",
            "",
            "They are in a catalog that rewind watch keeps, which outlives the job and its cluster.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  rewind list --job=play-events--plays --flinkMaster=localhost:8081",
            "  rewind list --job=play-events --catalog=s3://lake/flink/checkpoints/restore-points --all",
        })
final class RewindListCommand implements Callable<Integer> {
    private static final int SHOWN = 20;

    private final Terminal terminal;

    @Option(
            names = "--job",
            required = true,
            paramLabel = "NAME",
            description = "The job's name on the cluster: that of the spec, or <spec>--<route> of an isolated route.")
    @SuppressWarnings("NullAway.Init")
    private String job;

    @Option(names = "--all", description = "All of them, and not just the newest " + SHOWN + ".")
    private boolean all;

    @Mixin
    private final CatalogOptions options = new CatalogOptions();

    @Mixin
    @SuppressWarnings("unused") // read by picocli
    private final HelpOption help = new HelpOption();

    RewindListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        Optional<FlinkCluster> cluster = options.cluster(problems);
        options.checkThereIsOne(problems);
        problems.throwIfAny();
        StateFolder folder = options.folder(cluster);
        Catalog catalog = Catalog.of(job, folder);
        List<String> names = catalog.names();
        List<RestorePoint> points = catalog.read(names.subList(0, all ? names.size() : Math.min(SHOWN, names.size())));
        if (points.isEmpty()) {
            terminal.err()
                    .println("job " + job + " has no restore points in " + folder
                            + ": rewind watch notes them while the job runs"
                            + (folder.names().isEmpty()
                                    ? ""
                                    : "; there are some of " + String.join(", ", folder.names())));
            return Commands.FAILED;
        }
        PointText text = PointText.of(catalog);
        terminal.out().print(points.parallelStream().map(text::of).collect(joining()));
        int more = names.size() - points.size();
        if (more > 0) {
            terminal.out().printf("and %,d older ones, which --all shows%n", more);
        }
        return Commands.DONE;
    }
}
