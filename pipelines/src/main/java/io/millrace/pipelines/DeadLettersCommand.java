package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.pipelines.router.Pipelines;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.StoredDeadLetters;
import io.millrace.runnerprofiles.RunnerProfile;
import io.millrace.transforms.event.StoredDeadLetter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows stored dead letters, grouped by their cause. */
@Command(
        name = "dead-letters",
        description = {
            "Shows what is in dead letters: how many there are of each cause, the first and the last by event time, and one of"
                    + " them as a sample.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dead-letters --path=out/play-events/dead-letters",
            "  dead-letters --path=out/play-events/dead-letters --by=message",
            "  dead-letters --path=s3://lake/dead-letters --spec=play-events.yaml    # which says where S3 is",
        })
final class DeadLettersCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
            names = "--path",
            required = true,
            paramLabel = "PATH",
            description = "Where they are: a folder, a glob or a file of JSON Lines, .gz too, here or in S3.")
    @SuppressWarnings("NullAway.Init")
    private String path;

    @Option(
            names = "--by",
            defaultValue = "reason",
            paramLabel = "WHAT",
            description = "What is a cause: reason (the default), route, step or message, each within its route.")
    @SuppressWarnings("NullAway.Init")
    private String by;

    @Option(names = "--spec", paramLabel = "FILE", description = "The spec whose section s3 says where S3 is.")
    private @Nullable Path spec;

    @Mixin
    @SuppressWarnings("unused") // read by picocli
    private final HelpOption help = new HelpOption();

    DeadLettersCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        Optional<DeadLetterGroups> groups = DeadLetterGroups.by(by);
        if (groups.isEmpty()) {
            problems.add("--by", "must be one of " + DeadLetterGroups.names() + ", but was " + by);
        }
        Optional<PipelineOptions> options =
                problems.noting(() -> RunnerProfile.DIRECT.options(RouterJob.SHAPE_OF_ANY, List.of()));
        Optional<RouterSpec> read =
                Optional.ofNullable(spec).flatMap(file -> problems.noting(() -> SpecReader.read(file, Target.LOCAL)));
        problems.throwIfAny();
        read.ifPresent(found -> Pipelines.withSettings(found, options.orElseThrow()));
        show(groups.orElseThrow(), options.orElseThrow());
        return Commands.DONE;
    }

    private void show(DeadLetterGroups groups, PipelineOptions options) throws IOException {
        StoredDeadLetters.at(path).forEach(options, (StoredDeadLetter stored) -> groups.add(stored.deadLetter()));
        terminal.out().print(groups.text());
    }
}
