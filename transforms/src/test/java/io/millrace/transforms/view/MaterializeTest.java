package io.millrace.transforms.view;

import static io.millrace.testfixtures.Times.FIVE_PAST;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.ONE_PAST;
import static io.millrace.testfixtures.Times.TWO_PAST;
import static io.millrace.testfixtures.Times.joda;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertThrows;

import io.millrace.testfixtures.Timeline;
import io.millrace.transforms.event.DeadLetter.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.jspecify.annotations.Nullable;
import org.junit.Rule;
import org.junit.Test;

/** What a view tells of keys, from events and full publishes. */
public class MaterializeTest {
    private static final long NOON_MILLIS = NOON.toEpochMilli();
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    /** {@code + movie item value}, {@code - movie item}, or what cannot be used. */
    private static final class AssetFold implements Fold<String, String> {
        private static final long serialVersionUID = 1;

        @Override
        public void fold(String event, long version, Changes<String> changes) throws UnfoldableException {
            String[] words = event.split(" ", -1);
            switch (words[0]) {
                case "+" -> changes.add(words[1], words[2], words[3], version);
                case "-" -> changes.remove(words[1], words[2], version);
                default -> throw new UnfoldableException(Reason.NOT_JSON, "'" + event + "' must begin with + or -");
            }
        }
    }

    private static final class Publishes implements FullPublish<String> {
        private static final long serialVersionUID = 1;

        private final List<List<String>> pages;
        private final @Nullable Long version;
        private final @Nullable Integer failsAt;

        Publishes(List<List<String>> pages, @Nullable Long version, @Nullable Integer failsAt) {
            this.pages = pages;
            this.version = version;
            this.failsAt = failsAt;
        }

        @Override
        public Reader<String> open() {
            return new Reader<>() {
                @Override
                public Page<String> read(String cursor) throws IOException {
                    int page = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
                    if (failsAt != null && failsAt == page) {
                        throw new BrokenOffException("page " + page + " is gone");
                    }
                    String next = page + 1 < pages.size() ? Integer.toString(page + 1) : null;
                    return new Page<>(pages.get(page), next, page == 0 ? version : null);
                }

                @Override
                public void close() {}
            };
        }
    }

    private static Materialize<String, String> view() {
        return Materialize.by(new AssetFold(), TEXT);
    }

    private static PCollection<String> texts(MaterializedView<String, String> view) {
        return view.updates().apply("Texts", MapElements.via(new TextFn()));
    }

    private static final class TextFn extends SimpleFunction<KV<String, ViewUpdate<String>>, String> {
        private static final long serialVersionUID = 1;

        @Override
        public String apply(KV<String, ViewUpdate<String>> told) {
            ViewUpdate<String> update = told.getValue();
            return told.getKey() + " " + update.items() + " " + (update.version() - NOON_MILLIS);
        }
    }

    private static final class RefusedFn extends SimpleFunction<Refused<String>, String> {
        private static final long serialVersionUID = 1;

        @Override
        public String apply(Refused<String> refused) {
            return refused.event() + ": " + refused.reason() + ": " + refused.message();
        }
    }

    private static final class TickFn extends SimpleFunction<String, Long> {
        private static final long serialVersionUID = 1;

        @Override
        public Long apply(String tick) {
            return 1L;
        }
    }

    private static Timeline<String> timeline() {
        return Timeline.of(TEXT);
    }

    @Test
    public void tellsWhatKeysAreFromEventsInAnyOrder() {
        PCollection<String> events = pipeline.apply(timeline()
                .at(TWO_PAST, "+ up east /2", "- heat west")
                .at(NOON, "+ up west /1", "+ heat west /1", "+ heat east /1")
                .at(ONE_PAST, "+ up east /1")
                .toTheEnd());

        PAssert.that(texts(events.apply(view()))).containsInAnyOrder("up [/2, /1] 120000", "heat [/1] 120000");
        pipeline.run();
    }

    @Test
    public void tellsAKeyAgainWhenTheNextIntervalEnds() {
        PCollection<String> events = pipeline.apply(timeline()
                .at(NOON, "+ up west /1")
                .clockForwardBy(Duration.ofSeconds(2))
                .at(ONE_PAST, "+ up west /2")
                .clockForwardBy(Duration.ofSeconds(2))
                .at(TWO_PAST, "- up west")
                .at(ONE_PAST, "+ up west /late")
                .toTheEnd());

        PAssert.that(texts(events.apply(view().every(Duration.ofSeconds(1)))))
                .containsInAnyOrder("up [/1] 0", "up [/2] 60000", "up [] 120000");
        pipeline.run();
    }

    @Test
    public void whatCannotBeUsedIsRefusedAndTheOthersGoOn() {
        MaterializedView<String, String> told = pipeline.apply(timeline()
                        .at(NOON, "+ up west /1", "? up", "+ heat west /1")
                        .toTheEnd())
                .apply(view());

        PAssert.that(texts(told)).containsInAnyOrder("up [/1] 0", "heat [/1] 0");
        PAssert.that(told.refused().apply(MapElements.via(new RefusedFn())))
                .containsInAnyOrder("? up: NOT_JSON: '? up' must begin with + or -");
        pipeline.run();
    }

    @Test
    public void aFullPublishPutsTheViewRight() {
        FullPublish<String> publish = new Publishes(
                List.of(List.of("+ up west /published", "+ heat east /p"), List.of(), List.of("+ heat west /p")),
                FIVE_PAST.toEpochMilli(),
                null);
        PCollection<String> events = pipeline.apply(Create.timestamped(
                TimestampedValue.of("+ up west /1", joda(NOON)),
                TimestampedValue.of("+ gone west /1", joda(NOON)),
                TimestampedValue.of("+ heat east /newer", joda(FIVE_PAST.plusSeconds(1)))));

        PAssert.that(texts(events.apply(view().every(Duration.ofDays(365)).withFullPublish(publish, new AssetFold()))))
                .containsInAnyOrder("up [/published] 300000", "heat [/newer, /p] 301000", "gone [] 300000");
        pipeline.run();
    }

    @Test
    public void aFullPublishThatBreaksOffFailsARunThatEnds() {
        FullPublish<String> publish =
                new Publishes(List.of(List.of("+ up west /p"), List.of("+ heat west /p")), null, 1);
        pipeline.apply(Create.of("+ up west /1")).apply(view().withFullPublish(publish, new AssetFold()));

        PipelineExecutionException failed = assertThrows(PipelineExecutionException.class, pipeline::run);
        assertThat(failed.getMessage(), containsString("page 1 is gone"));
    }

    @Test
    public void aFullPublishOfAnUnboundedViewIsReadPageByPage() {
        FullPublish<String> publish =
                new Publishes(List.of(List.of("+ up west /p"), List.of("+ heat west /p")), NOON_MILLIS, null);
        PCollection<String> all = pipeline.apply(timeline()
                .at(NOON.minusMillis(1), "tick", "+ gone west /1")
                .clockForwardBy(Duration.ofSeconds(1))
                .clockForwardBy(Duration.ofMinutes(1))
                .clockForwardBy(Duration.ofMinutes(1))
                .clockForwardBy(Duration.ofMinutes(1))
                .at(TWO_PAST, "- heat west")
                .toTheEnd());
        PCollection<Long> ticks =
                all.apply("Tick", Filter.by(text -> text.equals("tick"))).apply("Ticks", MapElements.via(new TickFn()));
        PCollection<String> events = all.apply("Events", Filter.by(text -> !text.equals("tick")));

        PAssert.that(texts(events.apply(
                                view().withFullPublish(publish, new AssetFold()).publishingBy(ticks)))
                        .apply(Filter.by(text -> !text.startsWith("gone"))))
                .containsInAnyOrder("up [/p] 0", "heat [/p] 0", "heat [] 120000");
        pipeline.run();
    }

    @Test
    public void isRefusedWhereItIsToldOfPublishesThatItHasNot() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> view().publishingEvery(Duration.ofHours(1)));
        assertThat(
                refused.getMessage(),
                containsString("withFullPublish must come before what is said of full publishes"));
    }
}
