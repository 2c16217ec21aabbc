package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What commands are told that restate a range: of which job, which range, and with which spec. */
final class RestateOptions {
    @Option(
            names = "--from",
            required = true,
            paramLabel = "TIME",
            description =
                    "The moment before which all was well, such as 2026-01-31T09:40:00Z. The range begins where the job had read to at the newest complete point that was begun before it, or at one that is older by as much as joins and windows hold.")
    @SuppressWarnings("NullAway.Init")
    private String from;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "TIME",
            description =
                    "The moment since which all is well. The range ends where the job had read to at the first point that was begun at or after it; without one, at the end of the topics.")
    @SuppressWarnings("NullAway.Init")
    private String to;

    @Option(
            names = "--spec",
            paramLabel = "FILE",
            description = "The spec as it should have been. Default: the one that the job has.")
    private @Nullable Path spec;

    @Mixin
    private final RewindOptions.RewoundJobOptions job = new RewindOptions.RewoundJobOptions();

    /** Reads them. */
    Chosen read(Terminal terminal, List<String> beamOptions) {
        Problems problems = new Problems();
        Optional<Rewinds> rewinds = job.read(terminal, problems);
        Optional<Instant> begin = RewindOptions.moment("--from", from, problems);
        Optional<Instant> end = RewindOptions.moment("--to", to, problems);
        if (begin.isPresent() && end.isPresent() && !begin.get().isBefore(end.get())) {
            problems.add("--to", "must be after --from, " + begin.get() + ", but was " + end.get());
        }
        Optional<RouterSpec> read = RewindOptions.spec(spec, rewinds, problems);
        problems.checkBeamOptions(beamOptions);
        problems.throwIfAny();
        return new Chosen(
                rewinds.orElseThrow(), begin.orElseThrow(), end.orElseThrow(), read, List.copyOf(beamOptions));
    }

    /** What was chosen by who types. */
    record Chosen(Rewinds rewinds, Instant from, Instant to, Optional<RouterSpec> spec, List<String> beamOptions) {}
}
