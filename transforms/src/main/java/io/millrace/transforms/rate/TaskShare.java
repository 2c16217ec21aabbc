package io.millrace.transforms.rate;

import java.util.OptionalDouble;
import java.util.ServiceLoader;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Which share of a step's work a task of a runner has: so a rate that is given for all tasks together can be kept by each alone. Found by
 * {@link ServiceLoader}; the runner's profile brings its own.
 */
public interface TaskShare {

    /** The share of the task in whose thread this is called, over 0 and at most 1; empty where it is another runner's. */
    OptionalDouble find(PipelineOptions options);

    /**
     * The share of this task. On the direct runner, which has one process, that is 1.
     *
     * @throws IllegalStateException if nobody knows it
     */
    static double of(PipelineOptions options) {
        String runner = options.getRunner().getSimpleName();
        return ServiceLoader.load(TaskShare.class).stream()
                .flatMap(found -> found.get().find(options).stream().boxed())
                .findFirst()
                .orElseGet(() -> ofDirectRunner(runner));
    }

    private static double ofDirectRunner(String runner) {
        if (runner.equals("DirectRunner") || runner.equals("TestDirectRunner")) {
            return 1;
        }
        throw new IllegalStateException("a rate must be divided among tasks, but how many there are of them on "
                + runner + " is not known: add millrace-runner-profiles, or a TaskShare of your own");
    }
}
