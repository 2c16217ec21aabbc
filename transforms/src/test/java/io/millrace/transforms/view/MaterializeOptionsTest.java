package io.millrace.transforms.view;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.shard.Shards;
import io.millrace.transforms.view.FullPublish.Page;
import io.millrace.transforms.view.Round.Work;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** What may be said of a view, of its publishes and to it, and what makes no sense. */
public class MaterializeOptionsTest {
    private static final Duration HALF_A_MILLISECOND = Duration.ofNanos(500_000);

    private static Materialize<String, String> view() {
        return Materialize.by(
                (event, version, changes) -> changes.add(event, "", event, version), StringUtf8Coder.of());
    }

    private static Materialize<String, String> published() {
        return view().withFullPublish(
                        () -> {
                            throw new AssertionError("nothing is opened before a view runs");
                        },
                        (entry, version, changes) -> changes.add(entry, "", entry, version));
    }

    private static void assertRefused(String message, ThrowingRunnable wrong) {
        assertThat(assertThrows(IllegalArgumentException.class, wrong).getMessage(), is(message));
    }

    @Test
    public void valuesThatMakeNoSenseAreRefusedAtOnce() {
        Materialize<String, String> view = view();

        assertRefused(
                "interval must be at least a millisecond, but was PT0.0005S", () -> view.every(HALF_A_MILLISECOND));
        assertRefused("keysPerSecond must be more than 0, but was 0.0", () -> view.withFlushRate(0));
        assertRefused("keysPerSecond must be more than 0, but was NaN", () -> view.withFlushRate(Double.NaN));
        assertRefused(
                "retention must be at least a millisecond, but was PT0.0005S",
                () -> view.withRetention(HALF_A_MILLISECOND));
        assertRefused("items must be at least 1, but was 0", () -> view.withKeyLimit(0, 1));
        assertRefused("bytes must be at least 1, but was 0", () -> view.withKeyLimit(1, 0));
        assertRefused("namespace must not be empty", () -> view.named(""));
    }

    @Test
    public void soAreThoseOfFullPublishes() {
        Materialize<String, String> view = published();

        assertRefused(
                "interval must be at least a millisecond, but was PT0.0005S",
                () -> view.publishingEvery(HALF_A_MILLISECOND));
        assertRefused("lag must be at least 0, but was PT-1S", () -> view.withPublishLag(Duration.ofSeconds(-1)));
        assertRefused("entriesPerSecond must be more than 0, but was -1.0", () -> view.withPublishRate(-1));
        assertRefused("next must not be empty: that is the beginning", () -> new Page<>(List.of("a"), "", null));
    }

    @Test
    public void whatIsSaidOfPublishesComesBehindWhereTheyComeFrom() {
        String message = "withFullPublish must come before what is said of full publishes";

        assertRefused(message, () -> view().publishingEvery(Duration.ofHours(1)));
        assertRefused(message, () -> view().withPublishLag(Duration.ZERO));
        assertRefused(message, () -> view().withPublishRate(1));
    }

    @Test
    public void ratesMayBeWithoutLimit() {
        published().withFlushRate(Double.POSITIVE_INFINITY).withPublishRate(Double.POSITIVE_INFINITY);

        assertThat(Round.keysOfPage(Double.POSITIVE_INFINITY), is(256));
    }

    @Test
    public void shardsBeginOneAfterTheOtherAtTheRateOfAll() {
        int last = Shards.COUNT - 1;

        assertThat(
                Round.begin(Work.FLUSH, "all", 10_000, 1_000_000, 0, 26, last, 0)
                        .nextAt(),
                is(3_989L));
        assertThat(Round.begin(Work.FLUSH, "few", 10_000, 500, 0, 1, last, 0).nextAt(), is(49L));
        assertThat(Round.begin(Work.FLUSH, "one", 10, 1, 0, 1, last, 0).nextAt(), is(99L));
    }

    @Test
    public void shardsLookAtTheirKeysOneAfterTheOther() {
        int last = Shards.COUNT - 1;

        assertThat(Listing.begin(Work.FLUSH, "all", 10_000, "", 1_000, last, 7).at(), is(7L + 10_230));
        assertThat(Listing.begin(Work.FLUSH, "few", 10_000, "", 1, last, 7).at(), is(7L + 10));
        assertThat(Listing.begin(Work.FLUSH, "all", 10_000, "", 1_000, 0, 7).at(), is(7L));
    }

    @Test
    public void refusesRequestsThatSayTwoThings() {
        assertRefused("id must not be empty, but was ''", () -> ViewRequest.all("", Kind.FLUSH));
        assertRefused(
                "request must have keys or prefix, but had both",
                () -> new ViewRequest("a", Kind.FLUSH, List.of("k"), "p", null));
        assertRefused(
                "keysPerSecond must be more than 0, but was 0.0",
                () -> ViewRequest.all("a", Kind.TELL).atMost(0));
        assertRefused("a publish must not be asked of a shard", () -> Work.of(Kind.PUBLISH));
    }
}
