package io.millrace.benchmarks.expression;

import io.millrace.testfixtures.server.ServerClassPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures the jobs of a case in turns, each time in a new JVM, so that what disturbs the machine meets all of them. */
final class Jmh {
    private static final String CLASS_PATH = "java.class.path";

    private final int turns;
    private final TimeValue iteration;

    /** Several turns of short iterations. */
    Jmh(int turns, int iterationMillis) {
        this.turns = turns;
        this.iteration = TimeValue.milliseconds(iterationMillis);
    }

    /** The median of all iterations of each method, in nanoseconds a document. */
    double[] nanos(Case measured, String... methods) {
        List<List<Double>> times = Arrays.stream(methods)
                .map(method -> (List<Double>) new ArrayList<Double>())
                .toList();
        for (int turn = 0; turn < turns; turn++) {
            for (int i = 0; i < methods.length; i++) {
                times.get(i).addAll(iterations(measured, methods[i]));
            }
        }
        return times.stream().mapToDouble(Jmh::median).toArray();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** JMH starts its JVMs with the class path of this one, which within Maven is Maven's. */
    private List<Double> iterations(Case measured, String method) {
        String own = System.getProperty(CLASS_PATH);
        System.setProperty(CLASS_PATH, ServerClassPath.of("benchmarks"));
        try {
            RunResult result = new Runner(options(measured, method).build()).runSingle();
            return result.getBenchmarkResults().stream()
                    .flatMap(fork -> fork.getIterationResults().stream())
                    .map(Jmh::score)
                    .toList();
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH must run " + method + " of " + measured, e);
        } finally {
            System.setProperty(CLASS_PATH, own);
        }
    }

    private static Double score(IterationResult iterationResult) {
        return iterationResult.getPrimaryResult().getScore();
    }

    private OptionsBuilder options(Case measured, String method) {
        OptionsBuilder options = new OptionsBuilder();
        options.include("\\." + JobMeasurement.class.getSimpleName() + "\\." + method + "$")
                .param("predicates", Integer.toString(measured.predicates()))
                .param("shape", measured.shape().name())
                .param("bytes", Integer.toString(measured.bytes()))
                .forks(1)
                .warmupIterations(3)
                .warmupTime(iteration)
                .measurementIterations(4)
                .measurementTime(iteration)
                .jvmArgsPrepend("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        return options;
    }
}
