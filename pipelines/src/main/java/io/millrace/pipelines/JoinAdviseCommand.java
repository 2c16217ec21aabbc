package io.millrace.pipelines;

import io.millrace.pipelines.join.trace.Advice;
import io.millrace.pipelines.join.trace.AdviceText;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what other bounds of a join would give. */
@Command(
        name = "advise",
        description = {
            "Says what a join would give with other bounds, and what would be kept for it: a row for each bound, how far a left event may"
                    + " be before a right one, the one that the spec has among them.",
            "",
            "It reads the join's traces, as join why does, of the keys that traces.share draws. Every event that comes is traced,"
                    + " whatever becomes of it, also what is late or outside the bounds: so it is known what longer bounds would"
                    + " give. Credit and creditOnce are as in the spec. Keys that traces.keys names are left out where others are drawn: they"
                    + " say nothing of all keys. Without a share it says what holds for these keys alone.",
            "",
            "What is kept is left events, on average: as many as come, for as long as each is kept: the bound, allowedLateness, and how"
                    + " far the watermark is behind the newest event; with creditOnce until its right event is complete. An event takes the"
                    + " bytes of what is kept of it, and 48 more at most; a key 200 more at most. Right events, which wait for"
                    + " the watermark alone, are not counted. Where left events do not come out by themselves they are looked for less"
                    + " often, and some of a key are kept up to twice as long.",
            "",
            "Of fewer than 20 right events it says nothing. It ends with 0 if there is advice, 1 if too little is told, and 2 if the spec or"
                    + " an option is wrong.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  join advise --spec=conversions.yaml",
            "  join advise --spec=conversions.yaml --join=conversions --traces=s3://lake/traces",
        })
final class JoinAdviseCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final TracedJoinOptions options = new TracedJoinOptions();

    JoinAdviseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        Optional<TracedJoin> read = options.read(problems);
        problems.throwIfAny();
        TracedJoin join = read.orElseThrow();
        Advice advice = Advice.of(join.join(), join.read(any -> true));
        if (advice.basis().rights() < Advice.LEAST_RIGHTS) {
            terminal.err().println(tooLittle(join, advice.basis()));
            return Commands.FAILED;
        }
        AdviceText.of(join.name(), join.join(), advice).forEach(terminal.out()::println);
        return Commands.DONE;
    }

    private static String tooLittle(TracedJoin join, Advice.Basis basis) {
        return "join " + join.name() + ": at least " + Advice.LEAST_RIGHTS + " right events must be told of, but in "
                + join.stored().place() + " there are " + basis.rights() + ", of " + basis.keys()
                + " keys: let the job run longer, or with a higher traces.share";
    }
}
