package io.millrace.io.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.io.evcache.EvCacheSink;
import io.millrace.io.evcache.EvCacheView;
import io.millrace.io.sink.Patience;
import io.millrace.io.sink.SinkContext;
import io.millrace.testfixtures.memcached.MemcachedRule;
import io.millrace.transforms.event.DeadLetterCoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.Run;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.Rule;
import org.junit.Test;

public class WriteFnTest {
    @Rule
    public final TestPipeline pipeline = TestPipeline.create();

    @Rule
    public final MemcachedRule memcached = new MemcachedRule();

    private static Event event(String key, String value) {
        return Event.of(new Origin("local/plays", 0, 1), key.getBytes(UTF_8), value.getBytes(UTF_8));
    }

    @Test
    public void inItsFirstMinuteItReportsWhatAZoneTookThatHasAVersion() throws Exception {
        ViewStore store = EvCacheView.store(
                EvCacheSink.of(Map.of("a", List.of(memcached.server().address())))
                        .withCachePrefix(memcached.name("reports")));
        SinkContext context = new SinkContext(new Run("plays", "", "run-1", 0), "titles", true);
        WriteFn write = new WriteFn(
                store,
                context,
                10,
                new Versions("version"),
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                Patience::with);
        PCollectionTuple written = pipeline.apply(Create.of(event("k", "{\"version\":5}"), event("none", "{}"))
                        .withCoder(EventCoder.of()))
                .apply(ParDo.of(write).withOutputTags(WriteFn.DEAD_LETTERS, TupleTagList.of(WriteFn.OWED)));
        written.get(WriteFn.DEAD_LETTERS).setCoder(DeadLetterCoder.of());
        PCollection<KV<OwedShard, Owed>> reports =
                written.get(WriteFn.OWED).setCoder(KvCoder.of(OwedShard.CODER, Owed.CODER));

        PAssert.that(reports.apply(MapElements.into(TypeDescriptors.strings()).via(WriteFnTest::text)))
                .containsInAnyOrder("a k 5 done");
        try (AutoCloseable ready = ReadyZones.shared(store)) {
            pipeline.run();
        }
    }

    private static String text(KV<OwedShard, Owed> report) {
        Owed owed = report.getValue();
        return report.getKey().zone() + " " + new String(owed.event().key(), UTF_8) + " " + owed.version()
                + (owed.isDone() ? " done" : "");
    }
}
