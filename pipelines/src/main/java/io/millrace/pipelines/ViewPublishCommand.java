package io.millrace.pipelines;

import io.millrace.io.kafka.TopicRequests;
import io.millrace.pipelines.view.RequestJson;
import io.millrace.transforms.view.ViewRequest;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Has a full publish begin. */
@Command(
        name = "publish",
        description = {
            "Has the job of a view read a full publish now; one that is being read goes on, and the new one begins behind it. It returns at"
                    + " once: how far publishes are is in the job's log, and the counter view_publishes counts those that are complete.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  view publish --spec=locations.yaml",
        })
final class ViewPublishCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final AskedViewOptions options = new AskedViewOptions();

    ViewPublishCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        Optional<AskedView> read = options.read(problems);
        read.filter(view -> view.view().publish() == null)
                .ifPresent(view -> problems.add("views." + view.name() + ".publish", "is required"));
        problems.throwIfAny();
        AskedView view = read.orElseThrow();
        try (TopicRequests requests = TopicRequests.open(view.control())) {
            requests.send(RequestJson.of(ViewRequest.all(AskedView.id(), Kind.PUBLISH)));
        }
        terminal.out().println("asked view " + view.name() + " for a full publish");
        return Commands.DONE;
    }
}
