package io.millrace.runnerprofiles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.runtime.jobgraph.RestoreMode;
import org.apache.flink.runtime.operators.coordination.TaskNotRunningException;
import org.apache.flink.shaded.guava31.com.google.common.hash.Hashing;
import org.apache.flink.shaded.guava31.com.google.common.io.MoreFiles;
import org.apache.flink.util.TimeUtils;

/**
 * A Flink cluster, reached by its REST interface: takes one jar, starts jobs from it, and says when they run.
 *
 * <p>A jar is known by its content: one that is there already is not uploaded again. Who starts a job chooses its id, so that an
 * answer that got lost is asked for again instead of starting the job twice. That the cluster took a job does not mean that it
 * runs: {@link #awaitRunning} waits until each of its tasks does.
 *
 * <p>Every failure is a {@link FlinkClusterException}, whose message is one line: the innermost cause that Flink reports.
 */
public final class FlinkCluster {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL_EVERY = Duration.ofMillis(250);
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(9); // its web server itself gives up after ten
    private static final int POLLS_TO_A_LOOK_AT_FAILURES = 8;
    private static final int FAILURES_TO_GIVE_UP = 3;
    private static final int ATTEMPTS_TO_STOP = 3;
    private static final Set<String> CHECKPOINT_FOLDERS =
            Set.of("state.checkpoints.dir", "execution.checkpointing.dir");
    private static final Set<String> BEGINNING = Set.of("INITIALIZING", "CREATED", "RECONCILING");
    private static final Set<String> FAILED = Set.of("CANCELED", "FAILED");
    private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");
    private static final Set<String> ENDING = Set.of("FINISHED", "CANCELED", "FAILED", "CANCELLING", "FAILING");

    private final FlinkRest rest;

    private FlinkCluster(URI address) {
        this.rest = new FlinkRest(address);
    }

    /**
     * The cluster whose REST interface is at an address, {@code host:port} or {@code host}.
     *
     * @throws OptionsRefused if the address is none
     */
    public static FlinkCluster at(String flinkMaster) {
        String address = flinkMaster.replaceFirst("^https?://", "").replaceFirst("/$", "");
        if (!address.matches("[A-Za-z0-9._-]+(:\\d{1,5})?")) {
            throw new OptionsRefused(List.of(
                    "--flinkMaster: must be the host:port of a cluster's REST interface, but was " + flinkMaster));
        }
        return new FlinkCluster(URI.create("http://" + (address.contains(":") ? address : address + ":8081")));
    }

    /** The address of the cluster's web pages. */
    public URI webAddress() {
        return rest.address();
    }

    /** Whether its address is this machine's own, so that both see the same files. */
    public boolean isOnThisMachine() {
        String host = rest.address().getHost();
        return host.equals("localhost") || host.startsWith("127.");
    }

    /** The jobs that have not ended, and are not about to: their ids by their names. */
    public Map<String, String> runningJobs() {
        Map<String, String> ids = new TreeMap<>();
        jobs().stream().filter(RememberedJob::runs).forEach(job -> ids.put(job.name(), job.id()));
        return ids;
    }

    /**
     * The newest savepoint or retained checkpoint of the jobs of a name that the cluster remembers, the last one of them first.
     */
    public Optional<JobState> latestState(String jobName) {
        return StreamSupport.stream(get("/jobs/overview").path("jobs").spliterator(), false)
                .filter(job -> job.path("name").asText().equals(jobName))
                .sorted(Comparator.comparingLong(
                                (JsonNode job) -> job.path("start-time").asLong())
                        .reversed())
                .flatMap(job -> lastingState(job).stream()
                        .map(path -> new JobState(
                                job.path("jid").asText(),
                                path,
                                job.path("start-time").asLong(),
                                job.path("end-time").asLong())))
                .findFirst();
    }

    /** Of a job that has finished, Flink keeps the savepoints alone. */
    private Optional<String> lastingState(JsonNode job) {
        String jobId = job.path("jid").asText();
        return job.path("state").asText().equals("FINISHED")
                ? states(jobId)
                        .filter(state -> state.path("is_savepoint").asBoolean())
                        .findFirst()
                        .map(FlinkCluster::path)
                : newestState(jobId);
    }

    private static String path(JsonNode state) {
        return state.path("external_path").asText();
    }

    /** The path of a job's newest savepoint or retained checkpoint. */
    public Optional<String> newestState(String jobId) {
        return states(jobId)
                .max(Comparator.comparingLong(
                        state -> state.path("trigger_timestamp").asLong()))
                .map(FlinkCluster::path);
    }

    private Stream<JsonNode> states(String jobId) {
        JsonNode latest = get("/jobs/" + jobId + "/checkpoints").path("latest");
        return Stream.of(latest.path("completed"), latest.path("savepoint"))
                .filter(state -> path(state).contains("/")); // a checkpoint in the JobManager's memory has no path
    }

    /** The states of a job. */
    public RememberedStates rememberedStates(String jobId) {
        JsonNode checkpoints = checkpoints(jobId);
        Map<Long, CompletedState> states = new TreeMap<>();
        Stream.concat(
                        StreamSupport.stream(checkpoints.path("history").spliterator(), false),
                        Stream.of(
                                checkpoints.path("latest").path("completed"),
                                checkpoints.path("latest").path("savepoint")))
                .filter(state -> state.path("status").asText().equals("COMPLETED")
                        && !state.path("discarded").asBoolean()
                        && path(state).contains("/"))
                .forEach(state -> states.put(
                        state.path("id").asLong(),
                        new CompletedState(
                                state.path("id").asLong(),
                                state.path("is_savepoint").asBoolean(),
                                path(state),
                                state.path("trigger_timestamp").asLong())));
        Optional<String> restored =
                Optional.of(path(checkpoints.path("latest").path("restored"))).filter(path -> !path.isEmpty());
        return new RememberedStates(List.copyOf(states.values()), restored);
    }

    /** What is known of a job's checkpoints; nothing of one that makes none. */
    private JsonNode checkpoints(String jobId) {
        try {
            return get("/jobs/" + jobId + "/checkpoints");
        } catch (FlinkClusterException e) {
            if (String.valueOf(e.getMessage()).contains("Checkpointing has not been enabled")) {
                return JSON.createObjectNode();
            }
            throw e;
        }
    }

    /** The folder where a cluster's jobs keep checkpoints that do not say another one themselves; empty where there is none. */
    public Optional<String> checkpointFolder() {
        return StreamSupport.stream(get("/jobmanager/config").spliterator(), false)
                .filter(setting ->
                        CHECKPOINT_FOLDERS.contains(setting.path("key").asText()))
                .map(setting -> setting.path("value").asText())
                .findFirst();
    }

    /** The version of Flink. */
    public String version() {
        return get("/config").path("flink-version").asText();
    }

    /** All jobs that the cluster remembers, those that have ended too. */
    public List<RememberedJob> jobs() {
        return StreamSupport.stream(get("/jobs/overview").path("jobs").spliterator(), false)
                .map(job -> new RememberedJob(
                        job.path("jid").asText(),
                        job.path("name").asText(),
                        job.path("start-time").asLong(),
                        !ENDING.contains(job.path("state").asText()),
                        BEGINNING.contains(job.path("state").asText()),
                        ENDED.contains(job.path("state").asText())))
                .toList();
    }

    /** The options with which a job was started, as far as the cluster shows them. */
    public Map<String, String> options(String jobId) {
        Map<String, String> options = new TreeMap<>();
        get("/jobs/" + jobId + "/config")
                .path("execution-config")
                .path("user-config")
                .fields()
                .forEachRemaining(
                        option -> options.put(option.getKey(), option.getValue().asText()));
        return options;
    }

    /**
     * Stops a job with a savepoint, without draining it, and gives the savepoint's path. A job that has failed since its last checkpoint,
     * and may fail before it can write another, is cancelled; its state is that checkpoint, from which it would go on anyway.
     *
     * @throws FlinkClusterException if the savepoint fails, in which case the job goes on, or is not there within the time
     */
    public String stopWithSavepoint(String jobId, String jobName, Duration within) {
        for (int attempt = 1; ; attempt++) {
            try {
                return stop(jobId, jobName, within);
            } catch (FlinkClusterException e) {
                if (newestState(jobId).isPresent() && keepsCheckpoints(jobId) && hasFailedSinceItsLastState(jobId)) {
                    cancel(jobId, jobName, within);
                    return newestState(jobId).orElseThrow();
                }
                if (attempt == ATTEMPTS_TO_STOP) {
                    throw e;
                }
            }
        }
    }

    /** Whether a job's checkpoints outlive its cancellation. */
    public boolean keepsCheckpoints(String jobId) {
        JsonNode kept = get("/jobs/" + jobId + "/checkpoints/config").path("externalization");
        return kept.path("enabled").asBoolean()
                && !kept.path("delete_on_cancellation").asBoolean();
    }

    private boolean hasFailedSinceItsLastState(String jobId) {
        long failed = failures(jobId).path(0).path("timestamp").asLong();
        return states(jobId)
                .allMatch(state -> state.path("latest_ack_timestamp").asLong() < failed);
    }

    /** Cancels a job, and waits until it has ended. */
    public void cancel(String jobId, String jobName, Duration within) {
        try {
            rest.patch("/jobs/" + jobId);
        } catch (UncheckedIOException e) {
            throw unreachable(e);
        }
        for (long poll = within.dividedBy(POLL_EVERY); poll > 0; poll--) {
            if (ENDED.contains(state(jobId).orElse(""))) {
                return;
            }
            pause();
        }
        throw new FlinkClusterException("job " + jobName + " has not been cancelled after " + within.toSeconds()
                + " s; it goes on as " + jobId);
    }

    private String stop(String jobId, String jobName, Duration within) {
        String trigger = trigger(jobId, "/stop", JSON.createObjectNode().put("drain", false));
        for (long poll = within.dividedBy(POLL_EVERY); poll > 0; poll--) {
            Optional<String> path = savepoint(jobId, jobName, trigger);
            if (path.isPresent()) {
                return path.get();
            }
            pause();
        }
        throw new FlinkClusterException("job " + jobName + " has not stopped after " + within.toSeconds()
                + " s; its savepoint is still being written");
    }

    /**
     * Begins a savepoint of a job that goes on, in a folder of its own in another, and gives what to ask for it with. It is of the form of the job's
     * state backend, and needs no files but its own.
     */
    public String triggerSavepoint(String jobId, String folder) {
        ObjectNode body = JSON.createObjectNode()
                .put("cancel-job", false)
                .put("target-directory", folder)
                .put("formatType", "NATIVE");
        return trigger(jobId, "/savepoints", body);
    }

    /**
     * The path of a savepoint that was begun; empty while it is being written.
     *
     * @throws FlinkClusterException if it failed
     */
    public Optional<String> savepoint(String jobId, String jobName, String trigger) {
        JsonNode answer = get("/jobs/" + jobId + "/savepoints/" + trigger);
        return answer.path("status").path("id").asText().equals("COMPLETED")
                ? Optional.of(savepoint(answer.path("operation"), jobName))
                : Optional.empty();
    }

    private String trigger(String jobId, String how, ObjectNode body) {
        String trigger = newId();
        try {
            rest.post("/jobs/" + jobId + how, body.put("triggerId", trigger));
        } catch (UncheckedIOException e) {
            throw unreachable(e);
        }
        return trigger;
    }

    private static String savepoint(JsonNode operation, String jobName) {
        if (operation.path("location").isTextual()) {
            return operation.path("location").asText();
        }
        String cause = operation.path("failure-cause").path("stack-trace").asText();
        throw new FlinkClusterException("job " + jobName + " goes on, since its savepoint failed: "
                + FlinkErrors.rootCause(cause).orElse("the cluster does not say why"));
    }

    /**
     * Checks that a running job began with a state.
     *
     * @throws FlinkClusterException if it began with another, or afresh
     */
    public void checkRestored(String jobId, String jobName, String state) {
        String restored = rememberedStates(jobId).restoredFrom().orElse("");
        if (restored.isEmpty() || !SavedState.folderOf(restored).equals(SavedState.folderOf(state))) {
            throw new FlinkClusterException("job " + jobName + " runs as " + jobId + ", but began with "
                    + (restored.isEmpty() ? "nothing" : restored) + " instead of " + state);
        }
    }

    /** Makes sure that the cluster has a jar, and gives the id it has there. */
    public String upload(Path jar) {
        String name = nameByContent(jar);
        return uploaded(name).orElseGet(() -> uploadAs(jar, name));
    }

    /** Starts a job from an uploaded jar, unless the cluster has one of its id. Its main may wait for something for some minutes. */
    public void start(String jarId, JobStart start) {
        if (knows(start.jobId())) {
            return;
        }
        try {
            rest.post("/jars/" + jarId + "/run", body(start), STARTS_WITHIN);
        } catch (UncheckedIOException e) {
            if (state(start.jobId()).isEmpty()) {
                throw unreachable(e);
            }
        } catch (FlinkClusterException e) {
            if (!knows(start.jobId())) { // of two who ask at a time one is refused
                throw new FlinkClusterException("job " + start.jobName() + " did not start: " + why(e), e);
            }
        }
    }

    /** Whether the cluster remembers a job. */
    public boolean knows(String jobId) {
        return remembered(jobId).isPresent();
    }

    /** Whether a job has ended otherwise than it should; another one of its id cannot be started. */
    public boolean hasFailed(String jobId) {
        return remembered(jobId).filter(FAILED::contains).isPresent();
    }

    /** Whether a job has ended by itself or was stopped, so that each of its tasks has said that it is done. */
    public boolean hasFinished(String jobId) {
        return remembered(jobId).filter("FINISHED"::equals).isPresent();
    }

    /** Whether a job has ended, whichever way. */
    public boolean hasEnded(String jobId) {
        return remembered(jobId).filter(ENDED::contains).isPresent();
    }

    /** The state of a job; empty where the cluster has none of that id, and answers. */
    private Optional<String> remembered(String jobId) {
        return StreamSupport.stream(get("/jobs/overview").path("jobs").spliterator(), false)
                .filter(job -> job.path("jid").asText().equals(jobId))
                .map(job -> job.path("state").asText())
                .findFirst();
    }

    /** The share of its time for which the busiest step of a job is busy, from 0 to 1; nothing where that is not measured yet. */
    public OptionalDouble busy(String jobId) {
        return StreamSupport.stream(get("/jobs/" + jobId).path("vertices").spliterator(), false)
                .map(vertex -> get("/jobs/" + jobId + "/vertices/"
                        + vertex.path("id").asText() + "/subtasks/metrics?get=busyTimeMsPerSecond&agg=max"))
                .map(metrics -> metrics.path(0).path("max"))
                .filter(JsonNode::isNumber)
                .mapToDouble(millis -> millis.asDouble() / 1000)
                .max();
    }

    /** How long a task may go on of whose cluster nothing is heard any more. */
    public Duration heartbeatTimeout() {
        return StreamSupport.stream(get("/jobmanager/config").spliterator(), false)
                .filter(setting -> setting.path("key").asText().equals(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT.key()))
                .map(setting -> setting.path("value").asText())
                .map(FlinkCluster::duration)
                .findFirst()
                .orElseGet(() -> duration(
                        HeartbeatManagerOptions.HEARTBEAT_TIMEOUT.defaultValue().toString()));
    }

    private static Duration duration(String text) {
        return text.matches("\\d+") ? Duration.ofMillis(Long.parseLong(text)) : TimeUtils.parseDuration(text);
    }

    /** Whether a job has completed a checkpoint since it began or was restored. */
    public boolean hasCheckpoint(String jobId) {
        return checkpoints(jobId).path("counts").path("completed").asLong() > 0;
    }

    /** Whether every task of a job runs, or the job has finished. */
    public boolean runs(String jobId) {
        String state = state(jobId).orElse("CREATED");
        return state.equals("FINISHED") || (state.equals("RUNNING") && everyTaskRuns(jobId));
    }

    /** Why a job does not get to run: that it has failed, or does so again and again; nothing where it may yet. */
    public Optional<String> trouble(String jobId) {
        return hasFailed(jobId) || failures(jobId).size() >= FAILURES_TO_GIVE_UP
                ? Optional.of(Optional.of(failure(jobId))
                        .filter(why -> !why.isEmpty())
                        .orElse("somebody has cancelled it"))
                : Optional.empty();
    }

    /** Whether it is known which tasks a job has, and with which state it begins. */
    public boolean isBuilt(String jobId) {
        return get("/jobs/" + jobId).path("vertices").size() > 0;
    }

    /** How many slots a job needs that is built. */
    public int slotsNeeded(String jobId) {
        int slots = 0;
        for (JsonNode vertex : get("/jobs/" + jobId).path("vertices")) {
            slots = Math.max(slots, vertex.path("parallelism").asInt());
        }
        return slots;
    }

    /** Whether each task of a job waits for a slot. */
    public boolean awaitsSlots(String jobId) {
        for (JsonNode vertex : get("/jobs/" + jobId).path("vertices")) {
            int waiting = vertex.path("tasks").path("CREATED").asInt()
                    + vertex.path("tasks").path("SCHEDULED").asInt();
            if (waiting < vertex.path("parallelism").asInt()) {
                return false;
            }
        }
        return true;
    }

    /** How many slots no job has. */
    public int freeSlots() {
        return get("/overview").path("slots-available").asInt();
    }

    /** Waits until a job has completed a checkpoint since it began or was restored. */
    public void awaitCheckpoint(String jobId, String jobName, Duration within) {
        for (long poll = within.dividedBy(POLL_EVERY); poll > 0; poll--) {
            if (hasCheckpoint(jobId)) {
                return;
            }
            if (hasFailed(jobId)) {
                throw new FlinkClusterException("job " + jobName + " failed: " + failure(jobId));
            }
            pause();
        }
        throw new FlinkClusterException("job " + jobName + " runs as " + jobId
                + ", but has completed no checkpoint after " + within.toSeconds() + " s"
                + Optional.of(failure(jobId))
                        .filter(why -> !why.isEmpty())
                        .map(why -> ": " + why)
                        .orElse(""));
    }

    private static String why(FlinkClusterException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("Cannot map checkpoint/savepoint state")
                ? "its state has parts that no step of it takes as it is now, such as those of a sink of another kind"
                : message;
    }

    /**
     * Waits until every task of a job runs, or the job has finished.
     *
     * @throws FlinkClusterException if the job fails, or does not run within the time
     */
    public void awaitRunning(String jobId, String jobName, Duration within) {
        for (long poll = within.dividedBy(POLL_EVERY); poll > 0; poll--) {
            String state = state(jobId).orElse("CREATED");
            if (FAILED.contains(state)) {
                throw new FlinkClusterException("job " + jobName + " failed: " + failure(jobId));
            }
            if (runs(jobId)) {
                return;
            }
            if (poll % POLLS_TO_A_LOOK_AT_FAILURES == 0 && failures(jobId).size() >= FAILURES_TO_GIVE_UP) {
                throw new FlinkClusterException("job " + jobName + " fails again and again: " + failure(jobId)
                        + "; it goes on trying as " + jobId);
            }
            pause();
        }
        throw new FlinkClusterException("job " + jobName + " does not run after " + within.toSeconds() + " s: "
                + waitingFor(jobId) + "; it stays submitted as " + jobId);
    }

    private Optional<String> uploaded(String name) {
        return StreamSupport.stream(get("/jars").path("files").spliterator(), false)
                .filter(file -> file.path("name").asText().equals(name))
                .map(file -> file.path("id").asText())
                .findFirst();
    }

    private String uploadAs(Path jar, String name) {
        try {
            String stored =
                    rest.upload("/jars/upload", jar, name).path("filename").asText();
            return stored.substring(stored.lastIndexOf('/') + 1);
        } catch (IOException | UncheckedIOException e) {
            throw unreachable(e);
        }
    }

    private static ObjectNode body(JobStart start) {
        ObjectNode body = JSON.createObjectNode();
        body.put("entryClass", start.entryClass());
        body.put("jobId", start.jobId());
        start.arguments().forEach(body.putArray("programArgsList")::add);
        if (start.state() != null) {
            body.put("savepointPath", start.state());
        }
        if (start.leavesState()) {
            body.put("restoreMode", RestoreMode.NO_CLAIM.name());
        }
        return body;
    }

    /** An id as Flink has them, chosen here, so that what is asked twice is done once. */
    public static String newId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private Optional<String> state(String jobId) {
        try {
            return Optional.of(get("/jobs/" + jobId + "/status").path("status").asText());
        } catch (FlinkClusterException e) {
            return Optional.empty();
        }
    }

    private boolean everyTaskRuns(String jobId) {
        int tasks = 0;
        for (JsonNode vertex : get("/jobs/" + jobId).path("vertices")) {
            JsonNode counts = vertex.path("tasks");
            int running =
                    counts.path("RUNNING").asInt() + counts.path("FINISHED").asInt();
            if (running < vertex.path("parallelism").asInt()) {
                return false;
            }
            tasks += running;
        }
        return tasks > 0;
    }

    private String waitingFor(String jobId) {
        String failure = failure(jobId);
        return failure.isEmpty()
                ? "it may be waiting for free slots; add TaskManagers or lower --parallelism"
                : failure;
    }

    /** What a job failed of last; but an earlier failure where the last one is only that a task did not run, see {@link JobFailures}. */
    private String failure(String jobId) {
        List<String> traces = StreamSupport.stream(failures(jobId).spliterator(), false)
                .map(failure -> failure.path("stacktrace").asText())
                .toList();
        return traces.stream()
                .filter(trace -> !trace.contains(TaskNotRunningException.class.getName()))
                .findFirst()
                .or(() -> traces.stream().findFirst())
                .flatMap(FlinkErrors::rootCause)
                .orElse("");
    }

    /** The latest failures, the last one first. */
    private JsonNode failures(String jobId) {
        return get("/jobs/" + jobId + "/exceptions?maxExceptions=" + FAILURES_TO_GIVE_UP)
                .path("exceptionHistory")
                .path("entries");
    }

    private JsonNode get(String path) {
        try {
            return rest.get(path);
        } catch (UncheckedIOException e) {
            throw unreachable(e);
        }
    }

    private FlinkClusterException unreachable(Exception cause) {
        return new FlinkClusterException(
                "no Flink cluster answers at " + webAddress() + ": is it up, and is this the address of its web pages?",
                cause);
    }

    private static void pause() {
        try {
            if (new CountDownLatch(1).await(POLL_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody counts down");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlinkClusterException("interrupted while the job was starting", e);
        }
    }

    private static String nameByContent(Path jar) {
        try {
            return "millrace-" + MoreFiles.asByteSource(jar).hash(Hashing.murmur3_128()) + ".jar";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
