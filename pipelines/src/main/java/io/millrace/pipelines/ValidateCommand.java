package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.runnerprofiles.RunnerProfile;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Checks a spec and starts nothing. */
@Command(
        name = "validate",
        description = {
            "Checks a spec and starts nothing.",
            "",
            "Every problem is one line, path: problem, such as",
            "  routes[0].filter: unknown field 'contry', did you mean 'country'?",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  validate --spec=pipelines/samples/play-events.yaml",
            "  validate --spec=play-events.yaml --runner=flink    # is it also right for a cluster?",
        })
final class ValidateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final SpecOptions options = new SpecOptions();

    ValidateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        RunnerProfile profile = options.profile(problems).orElse(RunnerProfile.DIRECT);
        Optional<RouterSpec> spec = options.read(profile, problems);
        problems.throwIfAny();
        spec.ifPresent(this::say);
        return Commands.DONE;
    }

    private void say(RouterSpec spec) {
        terminal.out()
                .printf(
                        "%s is right: pipeline %s, routes %s, specVersion %s%n",
                        options.file(), spec.name(), String.join(", ", spec.routeNames()), spec.specVersion());
    }
}
