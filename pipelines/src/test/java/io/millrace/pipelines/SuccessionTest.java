package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.pipelines.Beginning.Reading;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RouterJob;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class SuccessionTest {
    private static final String KAFKA = "{kafka: {bootstrapServers: \"a:1\", topic: results}}";
    private static final String READ =
            "Changelog/ReadRecords/KafkaIO.Read.ReadFromKafkaViaUnbounded/Read(KafkaUnboundedSource)";
    private static final String JOIN = "Join/Join";
    private static final String LOOK_UP = "Enrich/LookUp/ParMultiDo(AsOf)";
    private static final String PARKING = "parking: {kafka: {bootstrapServers: \"a:1\", topicPrefix: parked}}\n";

    private static final String REQUESTS =
            "Control-%s-asked/ReadRecords/KafkaIO.Read.ReadFromKafkaViaUnbounded/Read(KafkaUnboundedSource)";
    private static final String PUBLISHING = "View/Publish";
    private static final String TICKS = "View/Ticks/Read(UnboundedCountingSource)";
    private static final String PLAYS = "sources:\n  plays: {kafka: {bootstrapServers: \"a:1\", topics: [plays]}}\n";
    private static final String PUBLISH = ", publish: {files: {path: /data/all}, key: event.title}";
    private static final String CONTROL = ", control: {kafka: {bootstrapServers: \"a:1\", topic: NAME-asked}}";

    @Test
    public void leavesOutTheStateOfRoutesThatAreGoneAlone() throws Exception {
        Succession succession = Succession.of(
                job(PARKING + routes("one", KAFKA, "archive", "{files: {path: out}}")),
                said(PARKING
                        + routes("one", KAFKA, "archive", "{files: {path: out}}", "left", "{files: {path: out}}")));

        assertThat(succession.leavesOut(Reading.STATE), is(true));
        assertThat(succession.stepsLeftOut(Reading.STATE), contains("plays/to-left/Write/ParMultiDo(WriteBatches)"));
        assertThat(succession.news("/state"), contains("route left is gone; what waited in its state is in /state"));
        check(succession, Reading.STATE);
    }

    @Test
    public void leavesNothingOutWhereARouteWithoutStateIsGone() throws Exception {
        Succession succession = Succession.of(
                job(PARKING + routes("one", KAFKA, "new", KAFKA)), said(PARKING + routes("one", KAFKA, "left", KAFKA)));

        assertThat(succession.leavesOut(Reading.STATE), is(false));
        assertThat(
                succession.news("/state"),
                contains(
                        "route left is gone; events of it that wait in topic parked-left stay there",
                        "route new is new, and begins where the job has come to"));
    }

    @Test
    public void leavesOutTheClockOfAParkingThatIsGone() throws Exception {
        Succession succession = Succession.of(job(routes("one", KAFKA)), said(PARKING + routes("one", KAFKA)));

        assertThat(succession.stepsLeftOut(Reading.STATE), contains("plays/write/Tick"));
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

        assertThat(succession.leavesOut(Reading.STATE), is(false));
        assertThat(succession.news("/state"), is(empty()));
        check(succession, Reading.STATE);
    }

    @Test
    public void leavesOutTheChangelogsOfRoutesThatAreGoneAndOfNoOther() throws Exception {
        Succession succession = Succession.of(
                job("routes:\n" + looking("left-over", "a")),
                said("routes:\n" + looking("left", "a") + looking("left-over", "a")));

        assertThat(
                succession.stepsLeftOut(Reading.STATE),
                contains("plays/enrich-left-a/" + READ, "plays/enrich-left-a/" + LOOK_UP));
        assertThat(succession.news("/state"), contains("route left is gone; what waited in its state is in /state"));
        check(succession, Reading.STATE);
    }

    @Test
    public void refusesToLoseWhatWaitsForALookup() throws Exception {
        Succession succession = Succession.of(
                job("routes:\n" + looking("left-over", "b")), said("routes:\n" + looking("left-over", "b", "c")));

        assertThat(succession.stepsLeftOut(Reading.STATE), contains("plays/enrich-left-over-c/" + READ));
        for (Reading reading : List.of(Reading.STATE, Reading.OFFSETS)) {
            assertThat(
                    assertThrows(WrongInput.class, () -> check(succession, reading))
                            .problems(),
                    contains(
                            "route left-over: must keep the lookup into 'c' by a changelog, since job plays has state of it, in which"
                                    + " events may wait; --source=start begins without that state, and so does a route of another name"));
        }
        check(succession, Reading.START);
    }

    @Test
    public void leavesOutWhatChangelogsHaveMadeWhereAllIsReadAgain() throws Exception {
        String routes = "routes:\n" + looking("plays", "a");
        Succession succession = Succession.of(job(routes), said(routes));
        Succession ofUnknown = Succession.of(job(routes), Map.of());

        assertThat(succession.leavesOut(Reading.OFFSETS), is(false));
        for (Succession one : List.of(succession, ofUnknown)) {
            assertThat(one.leavesOut(Reading.START), is(true));
            assertThat(one.stepsLeftOut(Reading.START), contains("plays/enrich-plays-a/" + LOOK_UP));
        }
    }

    @Test
    public void leavesOutTheStateOfJoinsThatAreGoneAndOfNoOther() throws Exception {
        Succession succession = Succession.of(jobWith(joins("led", "", "")), saidOf(joins("led", "", "seen")));

        assertThat(succession.stepsLeftOut(Reading.STATE), contains("plays/join-seen/" + JOIN));
        assertThat(
                succession.news("/state"),
                contains("route seen is gone", "join seen is gone; what waited in its state is in /state"));
        check(succession, Reading.STATE);
    }

    @Test
    public void refusesStateOfAJoinThatIsOfAnotherForm() throws Exception {
        String changed =
                "join led: must keep whether left events come out, and its credit, creditOnce, list and granule, and where it has"
                        + " rates its bounds, allowedLateness and rates.window, since its state is of their form; --source=start begins without"
                        + " the state of joins";
        for (String settings : List.of(", type: leftOuter", ", credit: last")) {
            Succession succession = Succession.of(jobWith(joins("led", settings, "")), saidOf(joins("led", "", "")));

            assertThat(
                    assertThrows(WrongInput.class, () -> check(succession, Reading.STATE))
                            .problems(),
                    contains(changed));
            check(succession, Reading.START);
        }
        String rates = ", creditOnce: true, rates: {by: event.title}";
        Succession later = Succession.of(
                jobWith(joins("led", rates + ", allowedLateness: PT1M", "")), saidOf(joins("led", rates, "")));
        assertThat(
                assertThrows(WrongInput.class, () -> check(later, Reading.STATE))
                        .problems(),
                contains(changed));
    }

    @Test
    public void aJoinWithoutRatesGoesOnWithOtherBounds() throws Exception {
        Succession succession = Succession.of(
                jobWith(joins("led", ", type: rightOuter, allowedLateness: PT1M, keyEntries: 5", "")),
                saidOf(joins("led", "", "")));

        check(succession, Reading.STATE);
        assertThat(succession.leavesOut(Reading.STATE), is(false));
    }

    @Test
    public void refusesToLoseWhatWaitsForAJoin() throws Exception {
        Succession succession = Succession.of(
                jobWith(joins("led", "", "")),
                saidOf(joins("led", ", creditOnce: true, rates: {by: event.title}", "")));

        assertThat(
                assertThrows(WrongInput.class, () -> check(succession, Reading.STATE))
                        .problems(),
                hasItem(
                        "join led: must have rates as it had, since job plays has counts of them in its state; --source=start"
                                + " begins without the state of joins"));
        check(succession, Reading.START);
        assertThat(succession.stepsLeftOut(Reading.START), hasItem("plays/join-led/" + JOIN));
    }

    @Test
    public void leavesOutTheStateOfViewsThatAreGoneAndOfNoOther() throws Exception {
        Succession succession =
                Succession.of(jobWith(views("led", "")), saidOf(views("led", "", "led-over", PUBLISH + CONTROL)));

        assertThat(
                succession.stepsLeftOut(Reading.STATE),
                contains(
                        "plays/view-led-over/" + REQUESTS.formatted("led-over"),
                        "plays/view-led-over/View/Materialize",
                        "plays/view-led-over/" + PUBLISHING,
                        "plays/view-led-over/" + TICKS));
        assertThat(
                succession.news("/state"),
                contains("route led-over is gone", "view led-over is gone; what it was is in /state"));
        check(succession, Reading.STATE);
    }

    @Test
    public void leavesOutWhatAViewNoLongerReads() throws Exception {
        String before = views("led", PUBLISH + CONTROL);

        Succession withoutRequests = Succession.of(jobWith(views("led", PUBLISH)), saidOf(before));
        assertThat(
                withoutRequests.stepsLeftOut(Reading.STATE), contains("plays/view-led/" + REQUESTS.formatted("led")));
        assertThat(withoutRequests.news("/state"), contains("view led has no control any more, and cannot be asked"));
        check(withoutRequests, Reading.STATE);

        Succession askedElsewhere =
                Succession.of(jobWith(views("led", PUBLISH + CONTROL.replace("NAME", "other"))), saidOf(before));
        assertThat(askedElsewhere.stepsLeftOut(Reading.STATE), contains("plays/view-led/" + REQUESTS.formatted("led")));
        assertThat(askedElsewhere.news("/state"), is(List.of()));
        check(askedElsewhere, Reading.STATE);

        Succession withoutPublish = Succession.of(jobWith(views("led", CONTROL)), saidOf(before));
        assertThat(
                withoutPublish.stepsLeftOut(Reading.STATE),
                contains("plays/view-led/" + PUBLISHING, "plays/view-led/" + TICKS));
        assertThat(
                withoutPublish.news("/state"),
                contains("view led has no publish any more; how far that was is in /state"));
        check(withoutPublish, Reading.STATE);
    }

    @Test
    public void aViewThatStaysGoesOnWithItsState() throws Exception {
        String all = views("led", PUBLISH + CONTROL);
        for (String now : List.of(all, views("led", PUBLISH.replace("all", "more") + ", every: PT9S" + CONTROL))) {
            Succession succession = Succession.of(jobWith(now), saidOf(all));

            check(succession, Reading.STATE);
            assertThat(succession.leavesOut(Reading.STATE), is(false));
            assertThat(succession.news("/state"), is(empty()));
        }
    }

    @Test
    public void refusesStateOfAViewWhoseKeysItemsOrVersionsAreMadeOtherwise() throws Exception {
        String before = views("led", PUBLISH);
        String key = before.replaceFirst("from: plays, key: event.title", "from: plays, key: event.id");
        String item =
                before.replaceFirst("from: views, key: event.title", "from: views, key: event.title, item: event.id");
        String publish = views("led", PUBLISH.replace("key: event.title", "key: event.id"));
        for (String now : List.of(key, item, publish)) {
            assertRefused(before, now);
        }
        String unpublished = views("led", "");
        assertRefused(unpublished, unpublished.replace("key: event.title", "key: event.title, version: event.n"));
    }

    private static void assertRefused(String before, String now) throws Exception {
        assertThat(now, is(not(before)));
        Succession succession = Succession.of(jobWith(now), saidOf(before));

        for (Reading reading : List.of(Reading.STATE, Reading.START)) {
            assertThat(
                    assertThrows(WrongInput.class, () -> check(succession, reading))
                            .problems(),
                    contains(startsWith("view led: must keep the key, item and version of its changes")));
        }
    }

    @Test
    public void aViewMayHaveAnotherSourceOfChangesAndKeepOtherFields() throws Exception {
        String now = views("led", PUBLISH);
        String before = now.replace(", {from: views, key: event.title}", "")
                .replaceFirst("from: plays, key: event.title", "from: plays, key: event.title, keep: [id]");

        check(Succession.of(jobWith(now), said(job(PLAYS, before))), Reading.STATE);
    }

    private static String views(String... namesAndSettings) {
        StringBuilder views = new StringBuilder("views:\n");
        StringBuilder routes = new StringBuilder("routes:\n");
        for (int i = 0; i < namesAndSettings.length; i += 2) {
            String name = namesAndSettings[i];
            views.append("  " + name + ": {changes: [{from: plays, key: event.title}, {from: views, key: event.title}]"
                    + namesAndSettings[i + 1].replace("NAME", name) + "}\n");
            routes.append(route(name));
        }
        return views.append(routes).toString();
    }

    private static String joins(String name, String settings, String other) {
        return "joins:\n" + join(name, settings) + (other.isEmpty() ? "" : join(other, "")) + "routes:\n" + route(name)
                + (other.isEmpty() ? "" : route(other));
    }

    private static String join(String name, String settings) {
        return "  " + name
                + ": {left: {from: views, key: event.title}, right: {from: plays, key: event.title, looksBack: PT1H}"
                + settings + "}\n";
    }

    private static String route(String name) {
        return "  - {name: " + name + ", from: [" + name + "], sink: " + KAFKA + "}\n";
    }

    private static RouterJob jobWith(String joins) throws Exception {
        return job(PLAYS + "  views: {kafka: {bootstrapServers: \"a:1\", topics: [views]}}\n", joins);
    }

    private static Map<String, String> saidOf(String joins) throws Exception {
        return said(jobWith(joins));
    }

    private static String looking(String route, String... fields) {
        StringBuilder text = new StringBuilder("  - name: " + route + "\n    sink: " + KAFKA + "\n    enrich:\n");
        for (String into : fields) {
            text.append("      - {into: " + into
                    + ", key: event.id, changelog: {kafka: {bootstrapServers: \"a:1\", topic: t}}}\n");
        }
        return text.toString();
    }

    @Test
    public void anArchiveNeedsTheSourceOfTheSpec() throws Exception {
        RouterJob archiving = job(
                "source: {kafka: {bootstrapServers: \"a:1\", topics: [plays], archive: out/a}}\n",
                "routes: [{name: all, archive: true, sink: {files: {path: out/a}}}]\n");
        Map<String, String> before =
                Map.of(JobOptions.SOURCE, job(routes("all", KAFKA)).source());
        Map<String, String> same = Map.of(JobOptions.SOURCE, archiving.source());

        assertThat(
                problems(Successor.of(archiving, before, Reading.STATE)),
                is(
                        "--source: must be offsets, since a route is an archive, and the source of the state does not give what"
                                + " that needs"));
        assertThat(problems(Successor.of(archiving, before, Reading.OFFSETS)), is(""));
        assertThat(problems(Successor.of(archiving, same, Reading.STATE)), is(""));
    }

    private static String problems(Successor successor) {
        Problems problems = new Problems();
        successor.check(problems);
        try {
            problems.throwIfAny();
            return "";
        } catch (WrongInput e) {
            return String.join("\n", e.problems());
        }
    }

    private static void check(Succession succession, Reading reading) {
        Problems problems = new Problems();
        succession.check(reading, problems);
        problems.throwIfAny();
    }

    private static Map<String, String> said(String spec) throws Exception {
        return said(job(spec));
    }

    private static Map<String, String> said(RouterJob job) {
        return Map.of(
                JobOptions.ROUTES,
                JobOptions.text(job.routes()),
                JobOptions.JOINS,
                JobOptions.textOfJoins(job.spec()),
                JobOptions.VIEWS,
                JobOptions.textOfViews(job.spec()),
                JobOptions.STEPS,
                job.steps().text());
    }

    private static RouterJob job(String text) throws Exception {
        return job("source: {kafka: {bootstrapServers: \"a:1\", topics: [plays]}}\n", text);
    }

    private static RouterJob job(String sources, String text) throws Exception {
        RouterSpec spec = SpecReader.read(
                "name: plays\nisolation: shared\n" + sources + "deadLetters: {files: {path: out/dead}}\n" + text,
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
