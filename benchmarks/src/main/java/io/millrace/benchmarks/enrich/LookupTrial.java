package io.millrace.benchmarks.enrich;

import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.ContenderProcess;
import io.millrace.benchmarks.race.Work;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.kafka.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Runs jobs that look up, each for itself: the time of a call does not stand still while a job is halted. */
final class LookupTrial {
    private static final AtomicInteger OUTPUTS = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final KafkaBroker broker;
    private final Path folder;
    private final String input;

    LookupTrial(KafkaBroker broker, Path folder, String input) {
        this.broker = broker;
        this.folder = folder;
        this.input = input;
    }

    /** The results of a job in a second, once it has been at work for a while. */
    double resultsPerSecond(Class<? extends Work> work, Lookup lookup, Duration warmUp, Duration counted) {
        double[] rate = new double[1];
        run(work, lookup, running -> {
            running.job.work(warmUp);
            long results = running.results();
            long start = System.nanoTime();
            running.job.work(counted);
            rate[0] = (running.results() - results) / ((System.nanoTime() - start) / 1e9);
        });
        return rate[0];
    }

    /** Runs a job from its first result on. */
    void run(Class<? extends Work> work, Lookup lookup, Consumer<Running> trial) {
        String output = "results-" + OUTPUTS.incrementAndGet();
        broker.createTopic(output, 1);
        Assignment assignment = new Assignment(broker.bootstrapServers(), input, output);
        try (ContenderProcess job = ContenderProcess.start(
                work, assignment, lookup.arguments(), folder.resolve(output), List.of("-Xmx1g"))) {
            Running running = new Running(job, output);
            Eventually.within(PATIENCE).until("a first result", () -> running.results() > 0);
            trial.accept(running);
        }
    }

    /** A job at work. */
    final class Running {
        private final ContenderProcess job;
        private final String output;

        private Running(ContenderProcess job, String output) {
            this.job = job;
            this.output = output;
        }

        ContenderProcess job() {
            return job;
        }

        long results() {
            return broker.end(output);
        }

        /** Waits until there are so many results. */
        void await(long results) {
            Eventually.within(PATIENCE).until(results + " results", () -> results() >= results);
        }
    }
}
