package io.millrace.pipelines;

import static java.util.Objects.requireNonNull;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.runnerprofiles.UserJars;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which spec a command reads, and with which jars. */
final class SpecFileOption {
    @Option(names = "--spec", paramLabel = "FILE", description = "The spec, as YAML or JSON. It must be given.")
    private @Nullable Path spec;

    @Option(
            names = "--jars",
            split = ",",
            paramLabel = "JAR",
            description = "Jars with sinks of your own, joined by commas; on a cluster they travel with the job.")
    private final List<Path> jars = new ArrayList<>();

    @Mixin
    @SuppressWarnings("unused") // read by picocli
    private final HelpOption help = new HelpOption();

    /** The spec's file; of a command that has read it. */
    Path file() {
        return requireNonNull(spec);
    }

    /** The user's jars; nothing if one of them is none, which is then a problem. */
    Optional<UserJars> jars(Problems problems) {
        return problems.noting(() -> UserJars.of(jars));
    }

    /** The spec, checked for where it is to run, with the user's jars loaded; nothing if there are problems. */
    Optional<RouterSpec> read(Target target, Problems problems) {
        jars(problems).ifPresent(UserJars::load);
        Path given = spec;
        if (given == null) {
            problems.add("--spec", "is required");
            return Optional.empty();
        }
        return problems.noting(() -> SpecReader.read(given, target));
    }
}
