package io.millrace.pipelines;

import io.millrace.transforms.view.ViewRequest;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Has a view written again. */
@Command(
        name = "flush",
        description = {
            "Has the job of a view write keys again, as they are, to all routes that read the view: after a cache was lost. Changes go on"
                    + " being written meanwhile, and no key falls back to an older version.",
            "",
            "It returns when all keys have left the view; what is on its way to the cache then is there when the job's next checkpoint"
                    + " is done, but for a zone that is away: that gets it when it is back. Where the job breaks off meanwhile it goes on with"
                    + " the flush when it is back.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  view flush --spec=locations.yaml --all",
            "  view flush --spec=locations.yaml --prefix=us/ --rate=2000",
            "  view flush --spec=locations.yaml --key=us/m-1 --key=us/m-2",
        })
final class ViewFlushCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final AskedViewOptions options = new AskedViewOptions();

    @Mixin
    private final KeysOption keys = new KeysOption();

    ViewFlushCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        Optional<AskedView> view = options.read(problems);
        ViewRequest request = keys.request(Kind.FLUSH, problems);
        long flushed = view.orElseThrow().ask(request, terminal, answer -> {});
        terminal.out()
                .printf("flushed %,d keys of view %s%n", flushed, view.get().name());
        return Commands.DONE;
    }
}
