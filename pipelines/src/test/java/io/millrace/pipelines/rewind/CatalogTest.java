package io.millrace.pipelines.rewind;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.rewind.RestorePoint.Kind;
import io.millrace.pipelines.rewind.Rewind.Step;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.runnerprofiles.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a catalog keeps, and for how long. */
public class CatalogTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private StateFolder catalogs;
    private Catalog catalog;

    @Before
    public void open() {
        catalogs = StateFolder.at(folder.getRoot().toURI().toString());
        catalog = Catalog.of("plays", catalogs);
    }

    private static RestorePoint point(String jobId, long id, Instant at) {
        return new RestorePoint(
                jobId,
                id,
                Kind.SAVEPOINT,
                "file:/savepoints/" + id,
                at,
                at.minusSeconds(5),
                at.minusSeconds(3),
                new TopicOffsets(Map.of("plays", Map.of(0, id, 10, 7L))),
                1_234,
                List.of("file a is not there"));
    }

    @Test
    public void hasThePointsThatWereAddedTheNewestFirst() {
        RestorePoint early = point("a", 9, NOON);
        RestorePoint late = point("b", 10, NOON.plusSeconds(1));
        RestorePoint unread = new RestorePoint(
                "c", 1, Kind.CHECKPOINT, "p", NOON.minusSeconds(1), null, null, TopicOffsets.NONE, 0, List.of());
        List.of(early, unread, late).forEach(catalog::add);

        assertThat(catalog.all(), contains(late, early, unread));
        assertThat(catalog.names(), hasSize(3));
        assertThat(catalog.read(catalog.names().subList(0, 1)), contains(late));
        assertThat(Catalog.of("others", catalogs).all(), is(empty()));
    }

    @Test
    public void aPointThatIsAddedAgainTakesItsOwnPlace() {
        catalog.add(point("a", 9, NOON));
        RestorePoint whole = point("a", 9, NOON).withDamages(List.of());
        catalog.add(whole);

        assertThat(catalog.all(), contains(whole));
    }

    @Test
    public void aPointWhoseIndexCannotBeReadIsNotTaken() throws IOException {
        Path savepoint = folder.newFolder("savepoint").toPath();
        Files.writeString(savepoint.resolve("_metadata"), "no index");
        RestorePoint point = new RestorePoint(
                "a",
                9,
                Kind.SAVEPOINT,
                savepoint.toUri().toString(),
                NOON,
                null,
                null,
                TopicOffsets.NONE,
                8,
                List.of());
        catalog.add(point);

        assertThat(point.damagesNow(), hasSize(1));
        assertThat(Catalog.isThere(point), is(false));
        assertThat(catalog.newestBefore(NOON.plusSeconds(1)), is(Optional.empty()));
    }

    @Test
    public void restatementsHaveAnEpochThatJobsDoNotHave() {
        Restatement restatement = restatement(3, null);
        catalog.addEpoch(1);
        catalog.add(restatement);
        catalog.add(restatement(2, NOON));

        assertThat(catalog.restatements(), contains(restatement, restatement(2, NOON)));
        assertThat(catalog.highestEpoch(), is(3L));
        assertThat(catalog.highestEpochOfJobs(), is(1L));
        assertThat(catalog.mayBegin("job-3"), is(true));
        catalog.add(restatement.with(restatement.run().over()));
        assertThat(catalog.mayBegin("job-3"), is(false));
    }

    private static Restatement restatement(long epoch, Instant time) {
        RestorePoint point = point("a", 9, NOON);
        Rewind beginning = new Rewind(
                epoch,
                NOON,
                false,
                point,
                "",
                null,
                TopicOffsets.NONE,
                "{}",
                "offsets",
                "run-1",
                "job-" + epoch,
                Step.PLANNED);
        SideRun run =
                new SideRun("job-" + epoch, "plays--restated", "file:/index", List.of("file:/checkpoints"), false);
        return new Restatement(
                beginning,
                NOON.plusSeconds(1),
                point.offsets(),
                time,
                time,
                TopicOffsets.NONE,
                run,
                Restatement.Step.RUNS);
    }

    @Test
    public void theFirstPointSinceAMomentIsTheEarliestWhoseOffsetsAreKnown() {
        RestorePoint unread = new RestorePoint(
                "c", 1, Kind.CHECKPOINT, "p", NOON.plusSeconds(1), null, null, TopicOffsets.NONE, 0, List.of());
        RestorePoint first = point("a", 2, NOON.plusSeconds(2));
        List.of(point("a", 1, NOON.minusSeconds(1)), unread, first, point("a", 3, NOON.plusSeconds(3)))
                .forEach(catalog::add);

        assertThat(catalog.firstSince(NOON), is(Optional.of(first)));
        assertThat(catalog.firstSince(NOON.plusSeconds(4)), is(Optional.empty()));
        assertThat(
                catalog.newestOffsets(),
                is(Optional.of(point("a", 3, NOON.plusSeconds(3)).offsets())));
    }

    @Test
    public void aFileThatCannotBeReadIsLeftOut() throws IOException {
        RestorePoint point = point("a", 9, NOON);
        catalog.add(point);
        Path points = folder.getRoot().toPath().resolve("plays/points");
        Files.writeString(points.resolve("1-broken.json"), "{\"pointVersion\":2,");
        Files.writeString(points.resolve("2-of-later.json"), "{\"pointVersion\":3}");
        Files.writeString(points.resolve("3-empty.json"), "");
        Files.writeString(points.resolve("readme"), "");

        assertThat(catalog.all(), contains(point));
    }

    @Test
    public void knowsWhatJobsSaidForAsLongAsTheyHavePointsOrRun() {
        Restorable gone = new Restorable("gone", NOON, "1.19.3", Map.of("millracePipeline", "plays"));
        Restorable started = new Restorable("started", NOON.plusSeconds(10), "1.19.3", Map.of());
        Restorable stays = new Restorable("stays", NOON, "1.19.3", Map.of("steps", "a\nb"));
        Restorable runs = new Restorable("runs", NOON, "1.19.3", Map.of());
        List.of(gone, started, stays, runs).forEach(catalog::add);
        catalog.add(point("stays", 1, NOON));

        catalog.forgetJobsBut(Set.of("runs"), NOON.plusSeconds(1));
        assertThat(catalog.job("stays"), is(Optional.of(stays)));
        assertThat(catalog.job("runs"), is(Optional.of(runs)));
        assertThat("its point may just be written", catalog.job("started"), is(Optional.of(started)));
        assertThat(catalog.job("gone"), is(Optional.empty()));
    }

    @Test
    public void knowsWhenAPointWasLastProvenForAsLongAsItIsThere() {
        RestorePoint point = point("a", 9, NOON);
        catalog.add(point);
        assertThat(catalog.provenAt(point), is(Optional.empty()));

        catalog.addProof(point, NOON.plusSeconds(60));
        catalog.addProof(point, NOON.plusSeconds(120));
        assertThat(catalog.provenAt(point), is(Optional.of(NOON.plusSeconds(120))));
        assertThat("the point keeps its form", catalog.all(), contains(point));
        assertThat(PointText.of(catalog).of(point), containsString("last proven restorable 2026-11-27T12:02:00Z"));

        catalog.remove(point);
        catalog.add(point);
        assertThat(catalog.provenAt(point), is(Optional.empty()));
        assertThat(PointText.of(catalog).of(point), containsString("never proven restorable"));
    }

    @Test
    public void aRehearsalMayBeginUntilItIsOver() {
        SideRun rehearsal =
                new SideRun("id", "plays--rehearsal-id", "file:/p/_metadata-for-id", List.of("file:/c"), false);
        assertThat(catalog.mayBegin("id"), is(false));

        catalog.add(rehearsal);
        assertThat(catalog.mayBegin("id"), is(true));
        assertThat(catalog.rehearsals(), contains(rehearsal));

        catalog.add(rehearsal.over());
        assertThat(catalog.mayBegin("id"), is(false));
        assertThat(catalog.rehearsals(), contains(rehearsal.over()));

        catalog.remove(rehearsal);
        assertThat(catalog.rehearsals(), is(empty()));
    }
}
