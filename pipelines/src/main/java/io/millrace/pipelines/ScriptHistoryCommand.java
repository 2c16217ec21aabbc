package io.millrace.pipelines;

import io.millrace.pipelines.script.ControlHistory;
import io.millrace.pipelines.script.HistoryTable;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the versions that a route's script has had. */
@Command(
        name = "history",
        description = {
            "Shows the versions that a route's script has had.",
            "",
            "A line for each record by which one came, in their order: when it was published, from which event time on it"
                    + " counts (the first version also for all events before its time), who wrote it, whether it is accepted or why it"
                    + " is refused, and which one is in force now. Every job"
                    + " that reads the records decides the same.",
        },
        footerHeading = "%nExamples:%n",
        footer = "  script history --spec=play-events.yaml --route=minutes")
final class ScriptHistoryCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Clock clock;

    @Mixin
    private final ControlledRouteOptions options = new ControlledRouteOptions();

    ScriptHistoryCommand(Terminal terminal, Clock clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        Optional<ControlledRoute> route = options.read(problems);
        problems.throwIfAny();
        show(route.orElseThrow());
        return Commands.DONE;
    }

    private void show(ControlledRoute route) throws IOException {
        ControlHistory history = route.history();
        if (history.lines().isEmpty()) {
            String name = route.log().name();
            terminal.out()
                    .println("no version yet in " + name + (route.log().exists() ? "" : ", which is not there yet"));
        } else {
            HistoryTable.of(history, clock.instant()).forEach(terminal.out()::println);
        }
    }
}
