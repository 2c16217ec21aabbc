package io.millrace.pipelines;

import io.millrace.devinterface.spec.JoinTracesSpec;
import io.millrace.pipelines.join.trace.ExplanationJson;
import io.millrace.pipelines.join.trace.ExplanationText;
import io.millrace.pipelines.join.trace.KeyExplanation;
import io.millrace.pipelines.join.trace.TraceDocument;
import io.millrace.transforms.joiner.Trace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Explains what a join made of one key. */
@Command(
        name = "why",
        description = {
            "Explains what a join made of one key: everything that became of it, in the order of the clock; for each right event which"
                    + " left ones it was given, and for each other one why not: how far outside the bounds it was, how late it came, or"
                    + " to which other event it went; and which settings, with which values, would have joined them. Several settings"
                    + " that are named with each other all have to be as long: of left.waits and right.looksBack the shorter counts.",
            "",
            "It reads what the join has told of the key, its traces. A spec switches them on, for a share of keys drawn by their hash or for"
                    + " some keys by name, and has a route that keeps them:",
            "",
            "  joins:",
            "    conversions:",
            "      ...",
            "      traces: {share: 0.01, keys: [p-17/t-4]}",
            "  routes:",
            "    - name: conversions-traces",
            "      from: [conversions-traces]",
            "      sink: {files: {path: out/conversions/traces}}",
            "",
            "What was given to which event is what the traces say; why others were not is by the spec as it is now. A left event of one"
                    + " time with others is known by its id only where they were all given, or in their order.",
            "",
            "It ends with 0 if the key is explained, 1 if nothing is told of it, and 2 if the spec or an option is wrong.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  join why --spec=conversions.yaml --key=p-17/t-4",
            "  join why --spec=conversions.yaml --join=conversions --key=p-17/t-4 --json",
            "  join why --spec=conversions.yaml --key=p-17/t-4 --traces='backup/traces/*.jsonl.gz'",
        })
final class JoinWhyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final TracedJoinOptions options = new TracedJoinOptions();

    @Option(
            names = "--key",
            required = true,
            paramLabel = "KEY",
            description = "The key to explain, as the spec's key expressions give it.")
    @SuppressWarnings("NullAway.Init")
    private String key;

    @Option(names = "--json", description = "Say it as a JSON document, with all left events of each right one.")
    private boolean json;

    JoinWhyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        Optional<TracedJoin> read = options.read(problems);
        problems.throwIfAny();
        TracedJoin join = read.orElseThrow();
        Told told = new Told();
        List<Trace> traces =
                join.read(told::isOfKey).stream().map(TraceDocument::trace).toList();
        if (traces.isEmpty()) {
            nothing(join, told.keys.size()).forEach(terminal.err()::println);
            return Commands.FAILED;
        }
        show(join, KeyExplanation.of(key, join.join(), traces, told.watermark));
        return Commands.DONE;
    }

    private void show(TracedJoin join, KeyExplanation explanation) {
        if (json) {
            terminal.out().println(ExplanationJson.of(join.name(), explanation));
        } else {
            ExplanationText.of(join.name(), explanation).forEach(terminal.out()::println);
        }
    }

    /** What is seen of all traces while those of one key are read. */
    private final class Told {
        private final Set<String> keys = new HashSet<>();
        private long watermark = Long.MIN_VALUE;

        boolean isOfKey(TraceDocument document) {
            keys.add(document.key());
            watermark = Math.max(watermark, document.trace().watermark().getMillis());
            return document.key().equals(key);
        }
    }

    private List<String> nothing(TracedJoin join, int others) {
        List<String> lines = new ArrayList<>();
        lines.add("key " + key + ": nothing is told of it in " + join.stored().place() + ", where of " + others
                + (others == 1 ? " other key" : " other keys") + " something is told");
        join.traces().ifPresent(traces -> lines.addAll(who(join.name(), traces)));
        lines.add("only what came since traces were switched on is told, and only while a job runs that has them");
        return lines;
    }

    private List<String> who(String join, JoinTracesSpec traces) {
        String setting = "joins." + join + ".traces";
        if (traces.share() == 1) {
            return List.of(setting + " has every key told of, so no event of this one came");
        }
        if (traces.keys().contains(key)) {
            return List.of(setting + ".keys names it, so no event of it came");
        }
        List<String> lines = new ArrayList<>();
        lines.add(setting + ".keys does not name it: with keys: [" + "\"" + key + "\"] it is told of for sure");
        if (traces.share() > 0) {
            lines.add(setting + ".share draws keys by their hash: of one that is not drawn nothing is ever told");
        }
        return lines;
    }
}
