package io.millrace.pipelines.rewind;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.rewind.RestorePoint.Kind;
import io.millrace.pipelines.router.TopicOffsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.Test;

/** Which points are deleted. */
public class RetentionTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private final List<RestorePoint> points = new ArrayList<>();

    /** A point that is so many hours old. */
    private RestorePoint point(int hours, Kind kind) {
        RestorePoint point = new RestorePoint(
                "job",
                hours,
                kind,
                "file:///points/" + hours + "/",
                NOW.minus(Duration.ofHours(hours)),
                null,
                null,
                TopicOffsets.NONE,
                0,
                List.of());
        points.add(point);
        return point;
    }

    private void damaged(int hours) {
        points.remove(point(hours, Kind.SCHEDULED));
        points.add(new RestorePoint(
                "job",
                hours,
                Kind.SCHEDULED,
                "file:///points/" + hours,
                NOW.minus(Duration.ofHours(hours)),
                null,
                null,
                TopicOffsets.NONE,
                0,
                List.of("file a is not there")));
    }

    private List<Long> deletes(Retention retention, String... inUse) {
        return retention.toDelete(points, Set.of(inUse), NOW).stream()
                .map(RestorePoint::id)
                .toList();
    }

    @Test
    public void keepsSoManyOfTheNewestAndThoseThatAreYoung() {
        for (int hours = 1; hours <= 5; hours++) {
            point(hours, Kind.SCHEDULED);
        }

        assertThat(deletes(new Retention(2, null)), contains(5L, 4L, 3L));
        assertThat(deletes(new Retention(1, Duration.ofHours(4))), contains(5L));
        assertThat(deletes(new Retention(4, Duration.ofHours(2))), contains(5L));
        assertThat(deletes(new Retention(1, Duration.ofMinutes(1))), contains(5L, 4L, 3L, 2L));
        assertThat(deletes(Retention.OF_ALL), is(empty()));
    }

    @Test
    public void deletesWhatTheScheduleMadeAndNothingElse() {
        point(1, Kind.SCHEDULED);
        point(2, Kind.SAVEPOINT);
        point(3, Kind.CHECKPOINT);
        point(4, Kind.SCHEDULED);

        assertThat(deletes(new Retention(1, null)), contains(4L));
    }

    @Test
    public void countsThoseThatAreComplete() {
        damaged(1);
        point(2, Kind.SCHEDULED);
        damaged(3);
        point(4, Kind.SCHEDULED);
        damaged(5);

        assertThat(deletes(new Retention(1, null)), contains(5L, 4L, 3L));
        assertThat(deletes(new Retention(2, null)), contains(5L));
    }

    @Test
    public void keepsWhatAJobBeganWithThatGoesOn() {
        point(1, Kind.SCHEDULED);
        point(2, Kind.SCHEDULED);
        point(3, Kind.SCHEDULED);

        assertThat(deletes(new Retention(1, null), "/points/2"), contains(3L));
    }
}
