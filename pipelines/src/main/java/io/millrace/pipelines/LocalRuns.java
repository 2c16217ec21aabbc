package io.millrace.pipelines;

import io.millrace.pipelines.JobRun.Progress;
import io.millrace.pipelines.router.Job;
import io.millrace.runnerprofiles.Launcher;
import io.millrace.runnerprofiles.RunnerProfile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.beam.sdk.Pipeline;

/**
 * Runs jobs in this process, all at the same time: shows their progress, and at the end what each did.
 *
 * <p>A job that fails does not stop the others; the exit status tells of it. Ctrl-C stops them all, and still says what they did.
 */
final class LocalRuns {
    private static final int SECONDS_TO_STOP = 30;

    private final Terminal terminal;
    private final Optional<Path> summary;
    private final RunReport report;

    LocalRuns(Terminal terminal, Optional<Path> summary) {
        this(terminal, summary, RunReport.RESULTS);
    }

    private LocalRuns(Terminal terminal, Optional<Path> summary, RunReport report) {
        this.terminal = terminal;
        this.summary = summary;
        this.report = report;
    }

    /** Runs of which something else is told than what was delivered. */
    static LocalRuns reporting(RunReport report, Terminal terminal) {
        return new LocalRuns(terminal, Optional.empty(), report);
    }

    /** Runs jobs of one spec to their end, and gives the exit status. */
    int run(List<? extends Job> jobs, RunnerProfile profile, List<String> beamOptions) {
        List<JobRun> runs = jobs.stream().map(JobRun::new).toList();
        CountDownLatch ends = new CountDownLatch(jobs.size());
        ExecutorService threads = Executors.newFixedThreadPool(jobs.size());
        try (Launcher launcher = profile.launcher()) {
            for (JobRun run : runs) {
                threads.execute(() -> run.run(launcher, job -> pipeline(job, profile, beamOptions), ends));
            }
            return awaitEndOrInterrupt(jobs, runs, ends, launcher);
        } finally {
            threads.shutdown();
        }
    }

    private static Pipeline pipeline(Job job, RunnerProfile profile, List<String> beamOptions) {
        return job.pipeline(profile.options(job.shape(), beamOptions));
    }

    private int awaitEndOrInterrupt(
            List<? extends Job> jobs, List<JobRun> runs, CountDownLatch ends, Launcher launcher) {
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread onInterrupt = new Thread(
                () -> {
                    interrupted.set(true);
                    stop(jobs, runs, ends);
                    launcher.close();
                },
                "stop-jobs");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        awaitEnd(runs, ends);
        if (interrupted.get()) {
            joinUntilTheProcessEnds(onInterrupt);
            return Commands.FAILED;
        }
        Runtime.getRuntime().removeShutdownHook(onInterrupt);
        return report(jobs, runs);
    }

    private void awaitEnd(List<JobRun> runs, CountDownLatch ends) {
        try {
            while (!ends.await(terminal.progressEvery().toMillis(), TimeUnit.MILLISECONDS)) {
                terminal.err().println(report.progress(routes(runs)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            runs.forEach(JobRun::stop);
        }
    }

    /** What Ctrl-C does, while the process is ending. */
    private void stop(List<? extends Job> jobs, List<JobRun> runs, CountDownLatch ends) {
        terminal.err().println("stopping");
        runs.forEach(JobRun::stop);
        try {
            if (!ends.await(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                terminal.err().println("not every job stopped within " + SECONDS_TO_STOP + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        report(jobs, runs);
    }

    private static List<RouteRun> routes(List<JobRun> runs) {
        return runs.stream().flatMap(run -> run.routes().stream()).toList();
    }

    private static void joinUntilTheProcessEnds(Thread onInterrupt) {
        try {
            onInterrupt.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int report(List<? extends Job> jobs, List<JobRun> runs) {
        terminal.out().print(report.end(routes(runs)));
        terminal.out().flush();
        runs.forEach(run -> run.failure().ifPresent(terminal.err()::println));
        boolean failed = runs.stream().anyMatch(run -> run.progress() == Progress.FAILED);
        if (failed) {
            terminal.err().println("details are in out/millrace.log");
        }
        summary.ifPresent(
                file -> Summary.of(jobs.get(0).spec().name(), routes(runs)).write(file));
        return failed ? Commands.FAILED : Commands.DONE;
    }
}
