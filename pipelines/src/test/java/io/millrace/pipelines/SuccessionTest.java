package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.pipelines.Beginning.Reading;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RouterJob;
import java.util.Map;
import org.junit.Test;

public class SuccessionTest {
    private static final String KAFKA = "{kafka: {bootstrapServers: \"a:1\", topic: results}}";
    private static final String PARKING = "parking: {kafka: {bootstrapServers: \"a:1\", topicPrefix: parked}}\n";

    @Test
    public void leavesOutTheStateOfRoutesThatAreGoneAlone() throws Exception {
        Succession succession = Succession.of(
                job(PARKING + routes("one", KAFKA, "archive", "{files: {path: out}}")),
                said(PARKING
                        + routes("one", KAFKA, "archive", "{files: {path: out}}", "left", "{files: {path: out}}")));

        assertThat(succession.leavesOut(), is(true));
        assertThat(succession.stepsLeftOut(), contains("plays/to-left/Write/ParMultiDo(WriteBatches)"));
        assertThat(succession.news("/state"), contains("route left is gone; what waited in its state is in /state"));
        check(succession, Reading.STATE);
    }

    @Test
    public void leavesNothingOutWhereARouteWithoutStateIsGone() throws Exception {
        Succession succession = Succession.of(
                job(PARKING + routes("one", KAFKA, "new", KAFKA)), said(PARKING + routes("one", KAFKA, "left", KAFKA)));

        assertThat(succession.leavesOut(), is(false));
        assertThat(
                succession.news("/state"),
                contains(
                        "route left is gone; events of it that wait in topic parked-left stay there",
                        "route new is new, and begins where the job has come to"));
    }

    @Test
    public void leavesOutTheClockOfAParkingThatIsGone() throws Exception {
        Succession succession = Succession.of(job(routes("one", KAFKA)), said(PARKING + routes("one", KAFKA)));

        assertThat(succession.stepsLeftOut(), contains("plays/write/Tick"));
        assertThat(
                succession.news("/state"),
                contains("parking is gone; events that wait in its topics stay there until the spec has it again"));
        check(succession, Reading.STATE);
    }

    @Test
    public void refusesARouteThatHasNoPlaceForItsState() throws Exception {
        Succession succession = Succession.of(
                job(routes("archive", "{files: {path: out, window: PT1H}}")),
                said(routes("archive", "{files: {path: out}}", "left", "{files: {path: out}}")));

        assertThat(
                assertThrows(WrongInput.class, () -> check(succession, Reading.STATE))
                        .problems(),
                contains(
                        "route archive: must keep the sink as it was, files, since job plays has state of it that the sink as"
                                + " it is now does not take; with another name it is another route, and begins without that state"));
    }

    @Test
    public void knowsNothingOfAJobThatSaysNothing() throws Exception {
        Succession succession = Succession.of(job(routes("one", KAFKA)), Map.of());

        assertThat(succession.leavesOut(), is(false));
        assertThat(succession.news("/state"), is(empty()));
        check(succession, Reading.STATE);
    }

    private static void check(Succession succession, Reading reading) {
        Problems problems = new Problems();
        succession.check(reading, problems);
        problems.throwIfAny();
    }

    private static Map<String, String> said(String spec) throws Exception {
        RouterJob job = job(spec);
        return Map.of(
                JobOptions.ROUTES,
                JobOptions.text(job.routes()),
                JobOptions.STEPS,
                job.steps().text());
    }

    private static RouterJob job(String text) throws Exception {
        RouterSpec spec = SpecReader.read(
                "name: plays\nisolation: shared\nsource: {kafka: {bootstrapServers: \"a:1\", topics: [plays]}}\n"
                        + "deadLetters: {files: {path: out/dead}}\n" + text,
                Target.LOCAL);
        return RouterJob.anew(spec, spec.routes(), "lineage");
    }

    private static String routes(String... namesAndSinks) {
        StringBuilder routes = new StringBuilder("routes:\n");
        for (int i = 0; i < namesAndSinks.length; i += 2) {
            routes.append("  - {name: " + namesAndSinks[i] + ", sink: " + namesAndSinks[i + 1] + "}\n");
        }
        return routes.toString();
    }
}
