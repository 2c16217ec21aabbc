package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.pipelines.router.Explanation;
import io.millrace.runnerprofiles.RunnerProfile;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what a spec comes to, and starts nothing. */
@Command(
        name = "explain",
        description = {
            "Says what a spec comes to, and starts nothing: how often its sources are read by isolated jobs and by a shared one, what"
                    + " its routes are, which fields are looked up for their filters, where they write, and which of them would be"
                    + " better off isolated or shared.",
        },
        footerHeading = "%nExamples:%n",
        footer = "  router explain --spec=pipelines/samples/play-events.yaml")
final class ExplainCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final SpecOptions options = new SpecOptions();

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        RunnerProfile profile = options.profile(problems).orElse(RunnerProfile.DIRECT);
        Optional<RouterSpec> spec = options.read(profile, problems);
        problems.throwIfAny();
        spec.map(Explanation::of).stream().flatMap(Explanation::lines).forEach(terminal.out()::println);
        return Commands.DONE;
    }
}
