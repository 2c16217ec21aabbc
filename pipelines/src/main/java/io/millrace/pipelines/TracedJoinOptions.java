package io.millrace.pipelines;

import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.pipelines.join.trace.StoredTraces;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which join a command is about that looks into traces, and where these are. */
final class TracedJoinOptions {
    @Mixin
    private final SpecFileOption spec = new SpecFileOption();

    @Option(
            names = "--join",
            paramLabel = "NAME",
            description = "The join that is meant. It must be given where the spec has several.")
    private @Nullable String join;

    @Option(
            names = "--traces",
            paramLabel = "PATH",
            description =
                    "Where the traces are: a folder, a glob or a file of JSON Lines, .gz too, here or in S3. Without it, where"
                            + " the spec's route of <join>-traces writes them: sink files, s3 or kafka.")
    private @Nullable String traces;

    /** The join; nothing if there is none, or if nothing is told of it, which is then a problem. */
    Optional<TracedJoin> read(Problems problems) {
        return spec.read(Target.LOCAL, problems)
                .flatMap(read -> name(read, problems).flatMap(name -> traced(read, name, problems)));
    }

    private Optional<String> name(RouterSpec spec, Problems problems) {
        List<String> names = List.copyOf(spec.namedJoins().keySet());
        String all = String.join(", ", names);
        if (names.isEmpty()) {
            problems.add("joins", "is required, but the spec joins nothing");
        } else if (join != null && !names.contains(join)) {
            problems.add("--join", "must be one of " + all + ", but was " + join);
        } else if (join == null && names.size() > 1) {
            problems.add("--join", "is required, one of " + all);
        } else {
            return Optional.of(join == null ? names.get(0) : join);
        }
        return Optional.empty();
    }

    private Optional<TracedJoin> traced(RouterSpec spec, String name, Problems problems) {
        JoinSpec chosen = spec.namedJoins().get(name);
        if (chosen == null) {
            return Optional.empty();
        }
        Optional<StoredTraces> stored =
                Optional.ofNullable(traces).map(StoredTraces::at).or(() -> ofRoute(spec, name, chosen, problems));
        return stored.map(place -> new TracedJoin(spec, name, chosen, place));
    }

    private static Optional<StoredTraces> ofRoute(RouterSpec spec, String name, JoinSpec join, Problems problems) {
        String source = JoinSpec.traces(name);
        if (join.traces() == null) {
            problems.add(
                    "joins." + name + ".traces",
                    "is required, so that there is something to look into, such as traces: {share: 0.01}");
        }
        List<RouteSpec> readers = spec.routes().stream()
                .filter(route -> route.from() != null && route.reads(source))
                .toList();
        if (readers.isEmpty()) {
            problems.add(
                    "routes",
                    "must have one that keeps " + source + ", such as - {name: " + source + ", from: [" + source
                            + "], sink: {files: {path: out/" + spec.name() + "/" + source + "}}}");
            return Optional.empty();
        }
        Optional<StoredTraces> stored = readers.stream()
                .flatMap(route -> StoredTraces.of(route).stream())
                .findFirst();
        if (stored.isEmpty()) {
            problems.add(
                    "route " + readers.get(0).name(),
                    "must keep " + source
                            + " as they are, without project, script and enrich, in a sink files, s3 or kafka;"
                            + " or --traces must say where they are");
        }
        return stored;
    }
}
