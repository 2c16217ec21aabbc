package io.millrace.runnerprofiles;

import java.beans.Introspector;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.StringUtils;

/**
 * Options of Beam's, as they were typed: {@code --name=value}, or {@code --name} for true.
 *
 * @param arguments the options that can be read
 * @param problems what is wrong with the others
 */
record BeamArguments(List<BeamArgument> arguments, List<String> problems) {

    /** One option. */
    record BeamArgument(String name, String value) {
        String text() {
            return "--" + name + "=" + value;
        }
    }

    BeamArguments {
        arguments = List.copyOf(arguments);
        problems = List.copyOf(problems);
    }

    /** Reads options; those that Beam does not know, or whose value it cannot read, are problems. */
    static BeamArguments parse(List<String> texts) {
        Set<String> known = knownNames();
        List<BeamArgument> arguments = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String text : texts) {
            BeamArgument argument = argument(text);
            problem(argument, text, known).ifPresentOrElse(problems::add, () -> arguments.add(argument));
        }
        return new BeamArguments(arguments, problems);
    }

    /** The value given for a name, the last if there are several. */
    Optional<String> value(String name) {
        return arguments.stream()
                .filter(argument -> argument.name().equals(name))
                .map(BeamArgument::value)
                .reduce((first, last) -> last);
    }

    private static BeamArgument argument(String text) {
        String option = text.replaceFirst("^--", "");
        int equals = option.indexOf('=');
        return equals < 0
                ? new BeamArgument(option, "true")
                : new BeamArgument(option.substring(0, equals), option.substring(equals + 1));
    }

    private static Optional<String> problem(BeamArgument argument, String text, Set<String> known) {
        if (!text.startsWith("--")) {
            return Optional.of(text + ": must be an option such as --parallelism=2");
        }
        if (!known.contains(argument.name())) {
            return Optional.of("--" + argument.name() + ": is not an option" + suggestion(argument.name(), known));
        }
        return isReadable(argument)
                ? Optional.empty()
                : Optional.of("--" + argument.name() + ": cannot be read, was " + argument.value());
    }

    private static boolean isReadable(BeamArgument argument) {
        try {
            PipelineOptionsFactory.fromArgs(argument.text()).as(FlinkPipelineOptions.class);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String suggestion(String name, Set<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> StringUtils.getLevenshteinDistance(name, candidate)))
                .filter(nearest -> StringUtils.getLevenshteinDistance(name, nearest) <= Math.max(2, name.length() / 4))
                .map(nearest -> ", did you mean --" + nearest + "?")
                .orElse("; --help lists Millrace's own, and Beam's documentation the others");
    }

    private static Set<String> knownNames() {
        Set<String> names = new TreeSet<>();
        for (Class<? extends PipelineOptions> type : PipelineOptionsFactory.getRegisteredOptions()) {
            addNames(type, names);
        }
        addNames(FlinkPipelineOptions.class, names);
        return names;
    }

    private static void addNames(Class<?> type, Set<String> names) {
        for (Method method : type.getMethods()) {
            if (method.getName().startsWith("set") && method.getParameterCount() == 1) {
                names.add(propertyName(method.getName().substring("set".length())));
            }
        }
    }

    private static String propertyName(String name) {
        return Introspector.decapitalize(name);
    }
}
