package io.millrace.pipelines;

import io.millrace.pipelines.router.RouteJob;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.JobStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Submits jobs to a Flink cluster, and waits until they run.
 *
 * <p>Jobs that run already are left alone, or upgraded: stopped with a savepoint, from which they go on as they are now. If all are
 * left alone, that is a failure; if only some are, a submit broke off before, and this one completes it.
 */
final class Submission {
    private static final Duration RUNS_WITHIN = Duration.ofMinutes(2);
    private static final Duration STOPS_WITHIN = Duration.ofMinutes(10);

    private final Terminal terminal;
    private final FlinkCluster cluster;
    private final Beginning beginning;

    Submission(Terminal terminal, FlinkCluster cluster, Beginning beginning) {
        this.terminal = terminal;
        this.cluster = cluster;
        this.beginning = beginning;
    }

    /** Submits jobs of one spec, and gives the exit status. */
    int submit(List<RouteJob> jobs, List<String> beamOptions) {
        Map<String, String> running = cluster.runningJobs();
        List<RouteJob> due = due(jobs, running);
        if (due.isEmpty()) {
            terminal.err()
                    .println(
                            "nothing was submitted; --upgrade stops a job that runs and goes on from there, as the spec is now");
            return Commands.FAILED;
        }
        terminal.err().println("uploading the jar");
        String jar = cluster.upload(ClusterJar.ofThisProcess().path());
        boolean failed = false;
        for (RouteJob job : due) {
            failed |= !submit(job, Optional.ofNullable(running.get(job.name())), jar, beamOptions);
        }
        terminal.out().println("web pages: " + cluster.webAddress());
        return failed ? Commands.FAILED : Commands.DONE;
    }

    private List<RouteJob> due(List<RouteJob> jobs, Map<String, String> running) {
        List<RouteJob> due = new ArrayList<>();
        for (RouteJob job : jobs) {
            if (running.containsKey(job.name()) && !beginning.upgrade()) {
                terminal.err().println("job " + job.name() + " runs already");
            } else {
                due.add(job);
            }
        }
        return due;
    }

    private boolean submit(RouteJob job, Optional<String> running, String jar, List<String> beamOptions) {
        try {
            Optional<String> state = running.isPresent()
                    ? Optional.of(stop(job.name(), running.get()))
                    : beginning.state(job.name(), cluster);
            String id = cluster.start(jar, start(job, state, beamOptions));
            cluster.awaitRunning(id, job.name(), RUNS_WITHIN);
            state.ifPresent(path -> cluster.checkRestored(id, job.name(), path));
            terminal.out()
                    .println("job " + job.name() + " runs as " + id
                            + state.map(path -> ", from " + path).orElse(""));
            return true;
        } catch (FlinkClusterException e) {
            terminal.err().println(e.getMessage());
            return false;
        }
    }

    private String stop(String name, String id) {
        terminal.err().println("stopping job " + name + " with a savepoint");
        return cluster.stopWithSavepoint(id, name, STOPS_WITHIN);
    }

    private static JobStart start(RouteJob job, Optional<String> state, List<String> beamOptions) {
        return new JobStart(
                job.name(), OnCluster.class.getName(), OnCluster.arguments(job, beamOptions), state.orElse(null));
    }
}
