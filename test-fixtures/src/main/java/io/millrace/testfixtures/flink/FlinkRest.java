package io.millrace.testfixtures.flink;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.testfixtures.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.hamcrest.CustomTypeSafeMatcher;
import org.hamcrest.Matchers;

/**
 * A Flink cluster's REST interface: brings jobs in, watches them, and ends them.
 *
 * <p><i>Time</i>: what is asked is answered as it is; the {@code await} methods return when it is as wanted, and give
 * up after the time that {@link Eventually} allows.
 *
 * <p><i>Fails</i>: with an {@link IllegalStateException} that has Flink's answer, where that is no success; a wait for
 * a job's state ends at once, with the job's exceptions, where the job has ended in another state.
 */
public final class FlinkRest {

    /** The states that a job does not leave. */
    public static final Set<String> TERMINAL = Set.of("FINISHED", "CANCELED", "FAILED");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String BOUNDARY = "millrace-jar";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;
    private final Path savepoints;

    FlinkRest(URI base, Path savepoints) {
        this.base = base;
        this.savepoints = savepoints;
    }

    /** Where the web UI is. */
    public URI webUi() {
        return base;
    }

    /** Uploads a jar and answers its id. */
    public String upload(Path jar) {
        String head = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\""
                + jar.getFileName() + "\"\r\nContent-Type: application/x-java-archive\r\n\r\n";
        BodyPublisher body = BodyPublishers.concat(
                BodyPublishers.ofString(head), file(jar), BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"));
        JsonNode answer = send(request("/jars/upload")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(body));
        return Path.of(answer.get("filename").textValue()).getFileName().toString();
    }

    /** Runs an uploaded jar and answers the job's id. */
    public String run(String jarId, JobRun run) {
        ObjectNode body = JSON.createObjectNode();
        body.put("entryClass", run.entryClass());
        run.arguments().forEach(body.putArray("programArgsList")::add);
        if (run.savepoint() != null) {
            body.put("savepointPath", run.savepoint());
        }
        return post("/jars/" + jarId + "/run", body).get("jobid").textValue();
    }

    /** Uploads a jar, runs it and answers the job's id. */
    public String submit(Path jar, JobRun run) {
        return run(upload(jar), run);
    }

    /** Every job that the JobManager knows, ended ones included. */
    public List<Job> jobs() {
        return list(get("/jobs/overview").get("jobs")).stream()
                .map(job -> new Job(text(job, "jid"), text(job, "name"), text(job, "state")))
                .toList();
    }

    /** The state of a job, in Flink's own words: {@code RUNNING}, {@code RESTARTING}, {@code FINISHED}, … */
    public String status(String jobId) {
        return text(get("/jobs/" + jobId + "/status"), "status");
    }

    /** Returns when the job is in a state. */
    public void awaitStatus(String jobId, String state) {
        String seen =
                Eventually.eventually("state of job " + jobId, () -> status(jobId), Matchers.in(withTerminal(state)));
        if (!seen.equals(state)) {
            throw new IllegalStateException("job " + jobId + " must become " + state + ", but was " + seen + ": "
                    + String.join("\n", exceptions(jobId)));
        }
    }

    /** Returns when every task of the job runs, which its state {@code RUNNING} does not say. */
    public void awaitTasksRunning(String jobId) {
        awaitStatus(jobId, "RUNNING");
        Eventually.eventually(
                "tasks of job " + jobId, () -> taskStates(jobId), Matchers.everyItem(Matchers.is("RUNNING")));
    }

    /** The states of the job's vertices. */
    public List<String> taskStates(String jobId) {
        return list(get("/jobs/" + jobId).get("vertices")).stream()
                .map(vertex -> text(vertex, "status"))
                .toList();
    }

    /** How many checkpoints and savepoints of the job have been completed. */
    public int completedCheckpoints(String jobId) {
        return get("/jobs/" + jobId + "/checkpoints").at("/counts/completed").intValue();
    }

    /** How often the job has been restored from a checkpoint or savepoint. */
    public int restores(String jobId) {
        return get("/jobs/" + jobId + "/checkpoints").at("/counts/restored").intValue();
    }

    /** What the job was last restored from; empty if from nothing. */
    public String restoredFrom(String jobId) {
        return get("/jobs/" + jobId + "/checkpoints")
                .at("/latest/restored/external_path")
                .asText();
    }

    /** Returns when so many more checkpoints than now have been completed. */
    public void awaitMoreCheckpoints(String jobId, int more) {
        int wanted = completedCheckpoints(jobId) + more;
        Eventually.eventually(
                "completed checkpoints of job " + jobId,
                () -> completedCheckpoints(jobId),
                Matchers.greaterThanOrEqualTo(wanted));
    }

    /** Takes a savepoint of a running job and answers its path. */
    public String savepoint(String jobId) {
        ObjectNode body = JSON.createObjectNode();
        body.put("target-directory", savepoints.toUri().toString());
        body.put("cancel-job", false);
        return awaitSavepoint(jobId, post("/jobs/" + jobId + "/savepoints", body));
    }

    /** Ends a job with a savepoint, without drain, and answers the savepoint's path. */
    public String stopWithSavepoint(String jobId) {
        ObjectNode body = JSON.createObjectNode();
        body.put("targetDirectory", savepoints.toUri().toString());
        body.put("drain", false);
        String path = awaitSavepoint(jobId, post("/jobs/" + jobId + "/stop", body));
        awaitStatus(jobId, "FINISHED");
        return path;
    }

    /** Cancels a job and returns when it is cancelled. */
    public void cancel(String jobId) {
        requestCancel(jobId);
        awaitStatus(jobId, "CANCELED");
    }

    /** Cancels every job that has not ended, and returns when each has, in this way or another. */
    public void cancelAll() {
        Eventually.eventually(
                "jobs that go on",
                () -> {
                    List<Job> goOn =
                            jobs().stream().filter(Predicate.not(Job::hasEnded)).toList();
                    goOn.forEach(job -> requestCancel(job.id()));
                    return goOn;
                },
                Matchers.empty());
    }

    private void requestCancel(String jobId) {
        send(request("/jobs/" + jobId + "?mode=cancel").method("PATCH", BodyPublishers.noBody()));
    }

    /** Stack traces of what made the job fail or restart, the newest first. */
    public List<String> exceptions(String jobId) {
        return list(get("/jobs/" + jobId + "/exceptions").at("/exceptionHistory/entries")).stream()
                .map(entry -> text(entry, "stacktrace"))
                .toList();
    }

    /** The ids of the registered TaskManagers. */
    public List<String> taskManagers() {
        return list(get("/taskmanagers").get("taskmanagers")).stream()
                .map(worker -> text(worker, "id"))
                .toList();
    }

    /** What any other path answers to GET, such as {@code /jobs/<id>/vertices/<id>/metrics}. */
    public JsonNode get(String path) {
        return send(request(path).GET());
    }

    boolean isUp() {
        return get("/overview").has("slots-total");
    }

    private String awaitSavepoint(String jobId, JsonNode trigger) {
        String path = "/jobs/" + jobId + "/savepoints/" + text(trigger, "request-id");
        JsonNode done = Eventually.eventually("savepoint of job " + jobId, () -> get(path), new SavepointIsDone());
        JsonNode operation = done.get("operation");
        if (operation.has("failure-cause")) {
            throw new IllegalStateException("savepoint of job " + jobId + ": "
                    + operation.get("failure-cause").get("stack-trace").asText());
        }
        return text(operation, "location");
    }

    private JsonNode post(String path, JsonNode body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE);
    }

    private JsonNode send(HttpRequest.Builder builder) {
        HttpRequest request = builder.build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString(UTF_8));
            if (response.statusCode() / 100 != 2) {
                throw new IllegalStateException(
                        request.method() + " " + request.uri().getPath() + " answered " + response.statusCode() + ": "
                                + errors(response.body()));
            }
            return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking Flink", e);
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri() + ": " + e, e);
        }
    }

    private static String errors(String body) {
        try {
            List<String> errors = new ArrayList<>();
            JSON.readTree(body).path("errors").forEach(error -> errors.add(error.asText()));
            return String.join("\n", errors);
        } catch (JsonProcessingException e) {
            return body;
        }
    }

    private static BodyPublisher file(Path jar) {
        try {
            return BodyPublishers.ofFile(jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> withTerminal(String state) {
        List<String> states = new ArrayList<>(TERMINAL);
        states.add(state);
        return states;
    }

    private static String text(JsonNode node, String field) {
        return node.get(field).asText();
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    /** A job as the overview shows it. */
    public record Job(String id, String name, String state) {

        /** Whether it is in a state that it does not leave. */
        public boolean hasEnded() {
            return TERMINAL.contains(state);
        }
    }

    private static final class SavepointIsDone extends CustomTypeSafeMatcher<JsonNode> {
        SavepointIsDone() {
            super("to be COMPLETED");
        }

        @Override
        protected boolean matchesSafely(JsonNode answer) {
            return "COMPLETED".equals(answer.at("/status/id").asText());
        }
    }
}
