package io.millrace.benchmarks.micro;

import io.millrace.benchmarks.Median;
import io.millrace.testfixtures.server.ServerClassPath;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures in JVMs of their own. */
public final class Jmh {
    private static final String CLASS_PATH = "java.class.path";
    /** Or a busy machine measures what is not compiled yet. */
    private static final String WAIT_FOR_THE_COMPILER = "-Xbatch";

    private final int forks;
    private final int iterations;

    /** Measures in so many JVMs, so many times in each. */
    public Jmh(int forks, int iterations) {
        this.forks = forks;
        this.iterations = iterations;
    }

    /** What was counted in each iteration. */
    public record Counts(List<IterationResult> iterations) {

        /** The median over all iterations of one counter over another. */
        public double median(String counter, String over) {
            return Median.of(iterations.stream().mapToDouble(one -> count(one, counter) / count(one, over)));
        }

        private static double count(IterationResult iteration, String counter) {
            return Objects.requireNonNull(iteration.getSecondaryResults().get(counter), counter)
                    .getScore();
        }
    }

    /**
     * Runs the method {@code inTurns} of a class. JMH starts its JVMs with the class path of this one, which within Maven is Maven's.
     *
     * @param parameters of the class
     */
    public Counts measure(Class<?> measured, Map<String, String> parameters) {
        String own = System.getProperty(CLASS_PATH);
        System.setProperty(CLASS_PATH, ServerClassPath.of("benchmarks"));
        try {
            RunResult result = new Runner(options(measured, parameters)).runSingle();
            return new Counts(result.getBenchmarkResults().stream()
                    .flatMap(fork -> fork.getIterationResults().stream())
                    .toList());
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH must run " + measured + " of " + parameters, e);
        } finally {
            System.setProperty(CLASS_PATH, own);
        }
    }

    private Options options(Class<?> measured, Map<String, String> parameters) {
        ChainedOptionsBuilder options = new OptionsBuilder().include("\\." + measured.getSimpleName() + "\\.inTurns$");
        parameters.forEach(options::param);
        return options.forks(forks)
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
