package io.millrace.benchmarks.rewind;

import io.millrace.benchmarks.race.ClusterJobs;
import io.millrace.benchmarks.race.CommandLines;
import io.millrace.benchmarks.race.PacedLoad;
import io.millrace.benchmarks.race.Workload;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.RestorePoint.Kind;
import io.millrace.runnerprofiles.StateFolder;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.events.PlayEvent.Play;
import io.millrace.testfixtures.flink.FlinkCluster;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.kafka.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A router's job on a cluster that is taken back to where it had read nothing but a first event. */
final class RewindTrial {
    private static final int PARTITIONS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final double SHARE_COUNTED = 0.95;
    private static final int MIN_SECONDS = 60;

    private final KafkaBroker broker;
    private final FlinkCluster cluster;
    private final Path folder;
    private final CommandLines commands;
    private final String name;

    /** A trial of a pipeline of a name, whose topics have that too. */
    RewindTrial(KafkaBroker broker, FlinkCluster cluster, Path folder, String name) {
        this.broker = broker;
        this.cluster = cluster;
        this.folder = folder;
        this.commands = new CommandLines(folder);
        this.name = name;
        broker.createTopic(name, PARTITIONS);
        broker.createTopic(results(name), PARTITIONS);
    }

    private static boolean isTaken(Play play) {
        return play.durationSeconds() > MIN_SECONDS;
    }

    private static String results(String of) {
        return of + "-results";
    }

    /** Fills the topic with events, and says how many results they have. */
    long fill(int events) {
        return Workload.fill(broker, name, PARTITIONS, events, RewindTrial::isTaken)
                .results();
    }

    /** A load on the topic. */
    PacedLoad load() {
        return PacedLoad.start(broker, name, PARTITIONS);
    }

    /** Starts the job, and gives a point of it that has read what there is. */
    RestorePoint begin() throws IOException {
        submit(name, results(name));
        long end = broker.end(name);
        RestorePoint point;
        do {
            commands.run(
                    "rewind",
                    "watch",
                    "--once",
                    "--job=" + job(name),
                    "--savepointEvery=PT0.001S",
                    "--flinkMaster=" + cluster.master());
            point = Catalog.of(
                            job(name),
                            StateFolder.at(cluster.checkpoints().toUri().toString())
                                    .folder(Catalog.FOLDER))
                    .all()
                    .stream()
                    .filter(made -> made.kind() == Kind.SCHEDULED)
                    .findFirst()
                    .orElseThrow();
        } while (point.offsets().sum() < end);
        return point;
    }

    private void submit(String pipeline, String results) throws IOException {
        Path spec = Files.writeString(folder.resolve(pipeline + ".yaml"), """
                        name: %s
                        source:
                          kafka: {bootstrapServers: "%s", topics: [%s]}
                        routes:
                          - name: plays
                            filter: event.duration_s > %d
                            project: [profile_id, title_id, duration_s]
                            sink: {kafka: {bootstrapServers: "%s", topic: %s}}
                        deadLetters: {files: {path: %s/dead-letters}}
                        """.formatted(
                pipeline, broker.bootstrapServers(), name, MIN_SECONDS, broker.bootstrapServers(), results, folder));
        new ClusterJobs(cluster, folder).submit("router", spec, "--checkpointingInterval=10000");
    }

    private static String job(String pipeline) {
        return pipeline + "--plays";
    }

    /** Takes the job back to a point, and gives how many results it writes in a second from then on. */
    double rewindRate(RestorePoint point, int round, long results) {
        long before = broker.end(results(name));
        Rate rate = new Rate(results(name), before, results);
        CompletableFuture<Void> command =
                CompletableFuture.runAsync(() -> rewind(point, round)); // it waits for the end of the replay
        double replayed = rate.await();
        command.join();
        return replayed;
    }

    /** Lets another job of the same spec read the same topic from its beginning, and gives how many results it writes in a second. */
    double freshRate(int round, long results) throws IOException {
        String other = name + "-fresh-" + round;
        broker.createTopic(results(other), PARTITIONS);
        Rate rate = new Rate(results(other), 0, results);
        submit(other, results(other));
        double fresh = rate.await();
        cluster.rest().stopWithSavepoint(running(job(other)).id());
        return fresh;
    }

    private Job running(String jobName) {
        return cluster.rest().jobs().stream()
                .filter(one -> one.name().equals(jobName) && !one.hasEnded())
                .findFirst()
                .orElseThrow();
    }

    /** How long a plan takes. */
    double planSeconds(RestorePoint point) {
        return seconds(() -> commands.run(words("plan", point, 1)));
    }

    /** Takes the job back to a point. */
    void rewind(RestorePoint point, int round) {
        commands.run(words("run", point, round));
    }

    private String[] words(String command, RestorePoint point, int millisLater) {
        return new String[] {
            "rewind",
            command,
            "--job=" + job(name),
            "--to=" + point.at().plusMillis(millisLater),
            "--flinkMaster=" + cluster.master()
        };
    }

    static double seconds(Runnable step) {
        long begun = System.nanoTime();
        step.run();
        return (System.nanoTime() - begun) / 1e9;
    }

    /** A probe of when results of each epoch come. */
    EpochProbe probe() {
        return new EpochProbe(broker.bootstrapServers(), results(name));
    }

    /** Ends the job. */
    void end() {
        cluster.rest().stopWithSavepoint(running(job(name)).id());
    }

    /** How fast a topic gets results, from its first of some on to nearly the last. */
    private final class Rate {
        private final String topic;
        private final long before;
        private final long results;

        Rate(String topic, long before, long results) {
            this.topic = topic;
            this.before = before;
            this.results = results;
        }

        double await() {
            Eventually.within(PATIENCE).until("a first result", () -> broker.end(topic) > before);
            long first = broker.end(topic);
            long begun = System.nanoTime();
            long counted = before + Math.round(results * SHARE_COUNTED);
            Eventually.within(PATIENCE).until("nearly all results", () -> broker.end(topic) >= counted);
            long last = broker.end(topic);
            double seconds = (System.nanoTime() - begun) / 1e9;
            Eventually.within(PATIENCE).until("all results", () -> broker.end(topic) >= before + results);
            return (last - first) / seconds;
        }
    }
}
