package io.millrace.benchmarks.expression;

import io.millrace.benchmarks.Median;
import io.millrace.testfixtures.server.ServerClassPath;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures the jobs of a case in JVMs of their own. */
final class Jmh {
    private static final String CLASS_PATH = "java.class.path";
    /** Or a busy machine measures what is not compiled yet. */
    private static final String WAIT_FOR_THE_COMPILER = "-Xbatch";

    private final int forks;
    private final int iterations;

    Jmh(int forks, int iterations) {
        this.forks = forks;
        this.iterations = iterations;
    }

    /**
     * The medians over all iterations.
     *
     * @param ours nanoseconds a document
     * @param byHand nanoseconds a document
     * @param ratio of ours to by hand
     * @param skipping nanoseconds a document
     */
    record Medians(double ours, double byHand, double ratio, double skipping) {}

    /** JMH starts its JVMs with the class path of this one, which within Maven is Maven's. */
    Medians measure(Case measured) {
        String own = System.getProperty(CLASS_PATH);
        System.setProperty(CLASS_PATH, ServerClassPath.of("benchmarks"));
        try {
            return medians(new Runner(options(measured)).runSingle());
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH must run " + measured, e);
        } finally {
            System.setProperty(CLASS_PATH, own);
        }
    }

    private static Medians medians(RunResult result) {
        List<IterationResult> all = result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .toList();
        return new Medians(
                median(all, iteration -> count(iteration, "ours") / count(iteration, "documents")),
                median(all, iteration -> count(iteration, "byHand") / count(iteration, "documents")),
                median(all, iteration -> count(iteration, "ours") / count(iteration, "byHand")),
                median(all, iteration -> count(iteration, "skipping") / count(iteration, "documents")));
    }

    private static double count(IterationResult iteration, String counter) {
        return Objects.requireNonNull(iteration.getSecondaryResults().get(counter), counter)
                .getScore();
    }

    private static double median(List<IterationResult> iterations, ToDoubleFunction<IterationResult> value) {
        return Median.of(iterations.stream().mapToDouble(value));
    }

    private Options options(Case measured) {
        return new OptionsBuilder()
                .include("\\." + JobMeasurement.class.getSimpleName() + "\\.inTurns$")
                .param("predicates", Integer.toString(measured.predicates()))
                .param("shape", measured.shape().name())
                .param("bytes", Integer.toString(measured.bytes()))
                .param("anyOrder", Boolean.toString(measured.anyOrder()))
                .forks(forks)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(600))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(200))
                .jvmArgsPrepend("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", WAIT_FOR_THE_COMPILER)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
    }
}
