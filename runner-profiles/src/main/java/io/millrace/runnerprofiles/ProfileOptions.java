package io.millrace.runnerprofiles;

import io.millrace.runnerprofiles.BeamArguments.BeamArgument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** What a profile says of options: defaults that may be changed, values that may not, and options it does not take. */
final class ProfileOptions {
    private final Map<String, String> defaults = new LinkedHashMap<>();
    private final Map<String, String> fixed = new LinkedHashMap<>();
    private final Map<String, Function<String, Optional<String>>> checks = new LinkedHashMap<>();

    private ProfileOptions() {}

    /** What every profile says. */
    static ProfileOptions common() {
        return new ProfileOptions()
                .fixed("stableUniqueNames", "ERROR", "a step's name is how its state is found again")
                .refused("jobName", "jobs are named after the spec and its routes")
                .refused("runner", "--runner takes one of " + RunnerProfile.names());
    }

    /** A value that holds unless another is given. */
    ProfileOptions byDefault(String name, Object value) {
        defaults.put(name, value.toString());
        return this;
    }

    /** A value that holds always. */
    ProfileOptions fixed(String name, Object value, String reason) {
        String only = value.toString();
        fixed.put(name, only);
        return checked(
                name,
                given -> given.equals(only)
                        ? Optional.empty()
                        : Optional.of("must be " + only + ", but was " + given + ": " + reason));
    }

    /** An option that may not be given. */
    ProfileOptions refused(String name, String reason) {
        return checked(name, given -> Optional.of("must not be given: " + reason));
    }

    /** A rule over the value that is given: what is wrong with it. */
    ProfileOptions checked(String name, Function<String, Optional<String>> problem) {
        checks.put(name, problem);
        return this;
    }

    /** Beam's options for one job. */
    PipelineOptions with(JobShape shape, BeamArguments given) {
        List<String> problems = new ArrayList<>(given.problems());
        for (BeamArgument argument : given.arguments()) {
            problem(argument).ifPresent(problem -> problems.add("--" + argument.name() + ": " + problem));
        }
        if (!problems.isEmpty()) {
            throw new OptionsRefused(problems);
        }
        PipelineOptions options = PipelineOptionsFactory.fromArgs(merge(given)).create();
        options.setJobName(shape.jobName());
        return options;
    }

    private Optional<String> problem(BeamArgument argument) {
        Function<String, Optional<String>> check = checks.get(argument.name());
        return check == null ? Optional.empty() : check.apply(argument.value());
    }

    private String[] merge(BeamArguments given) {
        List<String> merged = new ArrayList<>();
        fixed.forEach((name, value) -> merged.add(new BeamArgument(name, value).text()));
        defaults.forEach((name, value) -> {
            if (given.value(name).isEmpty()) {
                merged.add(new BeamArgument(name, value).text());
            }
        });
        given.arguments().stream()
                .filter(argument -> !fixed.containsKey(argument.name()))
                .map(BeamArgument::text)
                .forEach(merged::add);
        return merged.toArray(String[]::new);
    }
}
