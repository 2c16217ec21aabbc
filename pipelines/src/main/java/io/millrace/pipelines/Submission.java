package io.millrace.pipelines;

import io.millrace.pipelines.router.RouteJob;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.JobStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Submits jobs to a Flink cluster, and waits until they run.
 *
 * <p>Jobs that run already are left alone. If all do, that is a failure; if only some do, a submit broke off before, and this one
 * completes it.
 */
final class Submission {
    private static final Duration RUNS_WITHIN = Duration.ofMinutes(2);

    private final Terminal terminal;
    private final FlinkCluster cluster;

    Submission(Terminal terminal, FlinkCluster cluster) {
        this.terminal = terminal;
        this.cluster = cluster;
    }

    /** Submits jobs of one spec, and gives the exit status. */
    int submit(List<RouteJob> jobs, List<String> beamOptions) {
        List<RouteJob> missing = missing(jobs);
        if (missing.isEmpty()) {
            terminal.err()
                    .println("nothing was submitted; stop a job in the web pages, " + cluster.webAddress()
                            + ", before it is submitted anew");
            return Commands.FAILED;
        }
        terminal.err().println("uploading the jar");
        String jar = cluster.upload(ClusterJar.ofThisProcess().path());
        boolean failed = false;
        for (RouteJob job : missing) {
            failed |= !submit(job, jar, beamOptions);
        }
        terminal.out().println("web pages: " + cluster.webAddress());
        return failed ? Commands.FAILED : Commands.DONE;
    }

    private List<RouteJob> missing(List<RouteJob> jobs) {
        Set<String> running = cluster.runningJobs();
        List<RouteJob> missing = new ArrayList<>();
        for (RouteJob job : jobs) {
            if (running.contains(job.name())) {
                terminal.err().println("job " + job.name() + " runs already");
            } else {
                missing.add(job);
            }
        }
        return missing;
    }

    private boolean submit(RouteJob job, String jar, List<String> beamOptions) {
        try {
            String id = cluster.start(jar, start(job, beamOptions));
            cluster.awaitRunning(id, job.name(), RUNS_WITHIN);
            terminal.out().println("job " + job.name() + " runs as " + id);
            return true;
        } catch (FlinkClusterException e) {
            terminal.err().println(e.getMessage());
            return false;
        }
    }

    private static JobStart start(RouteJob job, List<String> beamOptions) {
        return new JobStart(
                job.name(), OnCluster.class.getName(), OnCluster.arguments(job, Lineages.anew(), beamOptions));
    }
}
