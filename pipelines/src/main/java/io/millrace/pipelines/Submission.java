package io.millrace.pipelines;

import io.millrace.pipelines.Beginning.Reading;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.UserJars;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Submits jobs to a Flink cluster, and waits until they run.
 *
 * <p>Jobs that run already are left alone, or upgraded: stopped with a savepoint, from which they go on as they are now. If all are
 * left alone, that is a failure; if only some are, a submit broke off before, and this one completes it.
 */
final class Submission {
    private final Terminal terminal;
    private final FlinkCluster cluster;
    private final ClusterJobs clusterJobs;
    private final Beginning beginning;

    Submission(Terminal terminal, FlinkCluster cluster, UserJars jars, Beginning beginning, List<String> beamOptions) {
        this.terminal = terminal;
        this.cluster = cluster;
        this.clusterJobs = new ClusterJobs(terminal, cluster, jars, beamOptions);
        this.beginning = beginning;
    }

    /**
     * Submits jobs of one spec, and gives the exit status.
     *
     * @param all whether these are all the jobs that the spec has: an upgrade then stops those that it no longer has
     */
    int submit(List<RouterJob> jobs, boolean all) {
        Map<String, String> running = cluster.runningJobs();
        Map<String, String> ours = clusterJobs.of(jobs.get(0).spec().name(), running);
        Isolations.check(jobs.get(0).spec(), ours.keySet());
        List<Due> due = due(jobs, running);
        Map<String, String> left = all && beginning.upgrade() ? left(jobs, ours) : Map.of();
        if (due.isEmpty() && left.isEmpty()) {
            terminal.err()
                    .println(
                            "nothing was submitted; --upgrade stops a job that runs and goes on from there, as the spec is now");
            return Commands.FAILED;
        }
        checkSuccessions(due);
        String jar = clusterJobs.upload();
        boolean failed = false;
        for (Map.Entry<String, String> job : left.entrySet()) {
            failed |= !succeeds(() -> stopForGood(job.getKey(), job.getValue()));
        }
        for (Due one : due) {
            failed |= !succeeds(() -> submit(one, jar));
        }
        terminal.out().println("web pages: " + cluster.webAddress());
        return failed ? Commands.FAILED : Commands.DONE;
    }

    private List<Due> due(List<RouterJob> jobs, Map<String, String> running) {
        List<Due> due = new ArrayList<>();
        for (RouterJob job : jobs) {
            Optional<String> runningId = Optional.ofNullable(running.get(job.name()));
            runningId.ifPresent(id -> checkIsOurs(job, id));
            if (runningId.isPresent() && !beginning.upgrade()) {
                terminal.err().println("job " + job.name() + " runs already");
            } else {
                due.add(due(job, beginning.predecessor(job.name(), runningId, cluster)));
            }
        }
        return due;
    }

    private Due due(RouterJob job, Optional<Predecessor> predecessor) {
        Map<String, String> shown =
                predecessor.flatMap(Predecessor::jobId).map(cluster::options).orElse(Map.of());
        return new Due(predecessor, Successor.of(job, shown, reading()));
    }

    private void checkIsOurs(RouterJob job, String id) {
        String pipeline =
                cluster.options(id).getOrDefault(JobOptions.PIPELINE, job.spec().name());
        if (!pipeline.equals(job.spec().name())) {
            throw new FlinkClusterException("job " + job.name() + " runs already, and is of the pipeline " + pipeline
                    + ": names of pipelines and routes must not make the same name together");
        }
    }

    /** Those that run for routes which the spec no longer has. */
    private static Map<String, String> left(List<RouterJob> jobs, Map<String, String> ours) {
        Map<String, String> left = new TreeMap<>(ours);
        left.keySet().removeAll(jobs.stream().map(RouterJob::name).toList());
        return left;
    }

    private void checkSuccessions(List<Due> due) {
        Problems problems = new Problems();
        if (beginning.reading().isEmpty()) {
            checkSources(due, problems);
        }
        due.forEach(one -> one.successor().check(problems));
        problems.throwIfAny();
    }

    private void checkSources(List<Due> due, Problems problems) {
        for (Due one : due) {
            boolean goesOn = one.predecessor().isPresent() && one.job().shape().stream();
            if (goesOn && !one.successor().readsItsSource()) {
                problems.add(
                        "--source",
                        "must be given, since job " + one.job().name()
                                + " may have read another source than the spec has now: offsets to read the spec's from the"
                                + " offsets that were reached, start to read it from its own start, state to go on reading the"
                                + " job's");
            }
        }
    }

    private boolean succeeds(Runnable step) {
        try {
            step.run();
            return true;
        } catch (FlinkClusterException e) {
            terminal.err().println(e.getMessage());
            return false;
        }
    }

    private void stopForGood(String name, String id) {
        String state = clusterJobs.stop(name, id);
        terminal.out().println("job " + name + " was stopped, since the spec has no such route; its state is " + state);
    }

    private void submit(Due due, String jar) {
        if (due.predecessor().isEmpty()) {
            clusterJobs.start(due.job(), Optional.empty(), jar);
        } else if (due.predecessor().get().runs()) {
            upgrade(due, due.predecessor().get().jobId().orElseThrow(), jar);
        } else {
            begin(due.successor(), due.predecessor().get().path().orElseThrow(), jar);
        }
    }

    private void upgrade(Due due, String id, String jar) {
        RouterJob job = due.job();
        cluster.newestState(id).ifPresent(due.successor()::checkReadable); // better known before the job stops
        String state = clusterJobs.stop(job.name(), id);
        try {
            begin(due.successor(), state, jar);
        } catch (FlinkClusterException e) {
            throw new FlinkClusterException(
                    e.getMessage() + "; what ran before was stopped, and --restore=" + state + " --source="
                            + reading().text() + choiceOf(job) + " goes on from there",
                    e);
        }
    }

    private static String choiceOf(RouterJob job) {
        return job.spec().isShared() ? "" : " --route=" + job.routes().get(0).name();
    }

    private void begin(Successor successor, String state, String jar) {
        successor.news(state).forEach(terminal.out()::println);
        Successor.Start start = successor.from(state);
        if (reading() == Reading.OFFSETS) {
            terminal.err()
                    .println("job " + start.job().name() + " goes on reading at "
                            + start.job().offsets());
        }
        clusterJobs.start(start.job(), Optional.of(start.state()), jar);
    }

    private Reading reading() {
        return beginning.reading().orElse(Reading.STATE);
    }

    /**
     * A job to submit, and what it goes on from.
     *
     * @param successor the job, as one that goes on
     */
    private record Due(Optional<Predecessor> predecessor, Successor successor) {

        RouterJob job() {
            return successor.job();
        }
    }
}
