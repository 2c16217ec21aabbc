package io.millrace.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.pipelines.view.Answer;
import io.millrace.pipelines.view.StoredView.Found;
import io.millrace.pipelines.view.Verdict;
import io.millrace.transforms.view.ViewRequest;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows a key of a view as its job has it, and as it is stored. */
@Command(
        name = "get",
        description = {
            "Shows a key as the job that runs has it, and as each zone of each cache has it that the view is written to: one below the"
                    + " other, with what is the matter (right, missing, stale, foreign, orphaned, refused; view verify says what these are), or that it cannot be read.",
            "",
            "It ends with 0 if all are right, 1 if not, and 2 if the spec or an option is wrong.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  view get us/m-1 --spec=locations.yaml",
        })
final class ViewGetCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final AskedViewOptions options = new AskedViewOptions();

    @Parameters(paramLabel = "KEY", description = "The key.")
    @SuppressWarnings("NullAway.Init")
    private String key;

    ViewGetCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        Optional<AskedView> view = options.read(problems);
        problems.throwIfAny();
        Optional<StoredViews> stores = StoredViews.of(view.orElseThrow(), problems);
        problems.throwIfAny();
        try (StoredViews stored = stores.orElseThrow()) {
            return show(view.get(), stored);
        }
    }

    private int show(AskedView view, StoredViews stored) throws IOException {
        List<Answer.Told> told = new ArrayList<>();
        view.ask(
                ViewRequest.ofKeys(AskedView.id(), Kind.TELL, List.of(key)),
                terminal,
                answer -> told.addAll(answer.told()));
        if (told.isEmpty()) {
            terminal.out().println("view " + view.name() + ": nothing is known of " + key);
            told.add(new Answer.Told(key, Long.MIN_VALUE, null, false, false));
        } else {
            Answer.Told one = told.get(0);
            terminal.out()
                    .println("view " + view.name() + ": version " + one.version() + ": "
                            + text(one.document(), one.isTooLarge() ? "too large to be shown" : "removed")
                            + (one.isPending() ? " (it has just changed, and is still to be written)" : ""));
        }
        boolean isRight = true;
        for (Found found : stored.compare(told)) {
            isRight &= found.verdict() == Verdict.RIGHT;
            terminal.out()
                    .println("route " + found.route() + ", zone " + found.zone() + ": "
                            + found.verdict().text() + ": "
                            + text(found.stored(), found.problem() == null ? "nothing" : found.problem())
                            + (found.stored() != null && found.problem() != null ? "; " + found.problem() : ""));
        }
        return isRight ? Commands.DONE : Commands.FAILED;
    }

    private static String text(byte @Nullable [] value, String none) {
        return value == null ? none : new String(value, UTF_8);
    }
}
