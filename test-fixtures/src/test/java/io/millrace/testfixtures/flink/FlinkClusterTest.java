package io.millrace.testfixtures.flink;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.server.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FlinkClusterTest {

    private static final String FOREVER = Long.toString(Long.MAX_VALUE);

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static Path jar;

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @BeforeClass
    public static void buildJar() throws IOException {
        jar = CountingJar.buildIn(FOLDER.getRoot().toPath());
    }

    @Test
    public void runsAJobToItsEnd() {
        String name = flink.name("counting");
        String job = submit(name, "100");
        flink.rest().awaitStatus(job, "FINISHED");
        assertThat(flink.rest().jobs(), hasItem(new Job(job, name, "FINISHED")));
    }

    @Test
    public void aJobGoesOnFromItsCheckpointWhenATaskManagerIsKilled() {
        String job = submit(flink.name("counting"), FOREVER);
        flink.rest().awaitMoreCheckpoints(job, 2);
        flink.cluster().killTaskManager();
        flink.cluster().killTaskManager();
        flink.cluster().startTaskManager();
        flink.cluster().startTaskManager();
        eventually("restores", () -> flink.rest().restores(job), greaterThanOrEqualTo(1));
        flink.rest().awaitTasksRunning(job);
        flink.rest().awaitMoreCheckpoints(job, 1);
        assertThat(flink.rest().restoredFrom(job), startsWith("file:"));
        assertThat(flink.rest().exceptions(job).isEmpty(), is(false));
    }

    @Test
    public void aJobStoppedWithASavepointIsRestoredFromIt() {
        String job = submit(flink.name("counting"), FOREVER);
        flink.rest().awaitTasksRunning(job);
        String savepoint = flink.rest().stopWithSavepoint(job);
        String next = flink.rest()
                .submit(
                        jar,
                        JobRun.of("CountingJob", flink.name("restored"), FOREVER)
                                .restoredFrom(savepoint));
        flink.rest().awaitTasksRunning(next);
        assertThat(flink.rest().restoredFrom(next), equalTo(savepoint));
    }

    @Test
    public void takesASavepointOfARunningJob() {
        String job = submit(flink.name("counting"), FOREVER);
        flink.rest().awaitTasksRunning(job);
        Path savepoint = Path.of(URI.create(flink.rest().savepoint(job)));
        assertThat(Files.exists(savepoint.resolve("_metadata")), is(true));
        assertThat(flink.rest().status(job), equalTo("RUNNING"));
        assertThat(flink.rest().completedCheckpoints(job), greaterThan(0));
    }

    @Test
    public void startsAFailedJobAgainAndTellsWhyItFailed() {
        String job = submit(flink.name("failing"), FOREVER, "fail");
        eventually(
                "exceptions",
                () -> flink.rest().exceptions(job),
                hasItem(containsString("java.lang.IllegalStateException: told to fail at ")));
        flink.rest().cancel(job);
        assertThat(flink.rest().status(job), equalTo("CANCELED"));
    }

    @Test
    public void saysWhyAJobCouldNotBeSubmitted() {
        IllegalStateException refusal =
                assertThrows(IllegalStateException.class, () -> flink.rest().submit(jar, JobRun.of("NoSuchJob")));
        assertThat(refusal.getMessage(), containsString("/run answered 500: "));
        assertThat(refusal.getMessage(), containsString("NoSuchJob"));
    }

    @Test
    public void aWaitEndsWhenTheJobHasEndedOtherwise() {
        String job = submit(flink.name("counting"), "10");
        flink.rest().awaitStatus(job, "FINISHED");
        IllegalStateException end =
                assertThrows(IllegalStateException.class, () -> flink.rest().awaitStatus(job, "CANCELED"));
        assertThat(end.getMessage(), startsWith("job " + job + " must become CANCELED, but was FINISHED"));
    }

    @Test
    public void forgetsItsJobsWithItsJobManagerAndKeepsItsTaskManagers() {
        submit(flink.name("counting"), FOREVER);
        flink.cluster().killJobManager();
        flink.cluster().startJobManager();
        assertThat(flink.rest().jobs(), empty());
        assertThat(flink.rest().taskManagers(), hasSize(2));
        String job = submit(flink.name("counting"), "10");
        flink.rest().awaitStatus(job, "FINISHED");
    }

    @Test
    public void takesAJarOfMoreThan100Megabytes() throws IOException {
        Path padded = CountingJar.padded(jar, 110 << 20);
        String job = flink.rest().submit(padded, JobRun.of("CountingJob", flink.name("counting"), "10"));
        flink.rest().awaitStatus(job, "FINISHED");
    }

    @Test
    public void aPausedTaskManagerIsMissed() {
        String job = submit(flink.name("counting"), FOREVER);
        flink.rest().awaitMoreCheckpoints(job, 1);
        flink.cluster().taskManagerProcesses().forEach(ServerProcess::pause);
        eventually("state of the job", () -> flink.rest().status(job), not(equalTo("RUNNING")));
        flink.cluster().start();
        flink.rest().awaitTasksRunning(job);
    }

    @Test
    public void servesTheWebUi() throws Exception {
        String page = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(flink.rest().webUi()).build(), BodyHandlers.ofString())
                .body();
        assertThat(page, containsString("<title>Apache Flink Web Dashboard</title>"));
    }

    @Test
    public void itsLibrariesStayInItsOwnProcesses() {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("org.apache.flink.configuration.Configuration"));
    }

    private String submit(String... arguments) {
        return flink.rest().submit(jar, JobRun.of("CountingJob", arguments));
    }
}
