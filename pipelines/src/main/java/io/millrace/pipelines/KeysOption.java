package io.millrace.pipelines;

import io.millrace.transforms.shard.Shards;
import io.millrace.transforms.view.ViewRequest;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which keys of a view a command is about, and how many of them a second. */
final class KeysOption {
    @Option(names = "--all", description = "All keys.")
    private boolean all;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "The keys that begin with it.")
    private @Nullable String prefix;

    @Option(names = "--key", paramLabel = "KEY", description = "This key; it can be given several times.")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--rate",
            paramLabel = "KEYS",
            description =
                    "How many keys a second at most. Without it, the view's flushRate. The parts of a view, "
                            + Shards.COUNT
                            + ", take turns at it, so it takes that many by the rate, in seconds, also where few keys are meant.")
    private @Nullable Double rate;

    /** The request for the keys. */
    ViewRequest request(Kind kind, Problems problems) {
        long given = Stream.of(all, prefix != null, !keys.isEmpty())
                .filter(one -> one)
                .count();
        if (given != 1) {
            problems.add("--all, --prefix or --key", "must be given, and one of them alone");
        }
        if (rate != null && !(rate > 0)) {
            problems.add("--rate", "must be more than 0, but was " + rate);
        }
        problems.throwIfAny();
        ViewRequest request = new ViewRequest(AskedView.id(), kind, keys.isEmpty() ? null : keys, prefix, null);
        return rate == null ? request : request.atMost(rate);
    }
}
