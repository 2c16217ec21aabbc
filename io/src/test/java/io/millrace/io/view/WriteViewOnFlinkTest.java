package io.millrace.io.view;

import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.google.common.util.concurrent.Uninterruptibles;
import io.millrace.io.evcache.EvCacheSink;
import io.millrace.io.evcache.EvCacheView;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.view.ViewStore.Stored;
import io.millrace.testfixtures.memcached.MemcachedNode;
import io.millrace.testfixtures.memcached.MemcachedRule;
import io.millrace.testfixtures.server.TcpRelay;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.Run;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.Rule;
import org.junit.Test;

/** What a zone missed is kept in Flink's state, and comes while the job goes on. */
public class WriteViewOnFlinkTest {
    private static final int EVENTS = 300;
    private static final Duration BETWEEN = Duration.millis(30);

    private static final CountDownLatch MAY_END = new CountDownLatch(1);

    @Rule
    public final MemcachedRule memcached = new MemcachedRule();

    @Test
    public void aZoneThatComesBackGetsWhatItMissedWhileTheStreamGoesOn() throws Exception {
        try (MemcachedNode other = MemcachedNode.create().start();
                TcpRelay relay = TcpRelay.to(port(other))) {
            EvCacheSink sink = EvCacheSink.of(Map.of(
                            "a", List.of(memcached.server().address()), "b", List.of("127.0.0.1:" + relay.port())))
                    .withCachePrefix(memcached.name("flink"));
            ViewStore.Zone a = EvCacheView.store(sink).open("a");
            ViewStore.Zone b = EvCacheView.store(sink).open("b");
            try {
                relay.refuse();
                CompletableFuture<Void> run = CompletableFuture.runAsync(() -> run(sink));
                waitUntil("events come into the other zone", () -> stored(a, 10) != null);

                relay.accept();
                waitUntil("what it missed", () -> !b.isAway(key(0)) && stored(b, 0) != null);
                assertThat("the stream goes on", stored(a, EVENTS - 1) == null, is(true));
                MAY_END.countDown();
                run.get(3, TimeUnit.MINUTES);

                for (int number = 0; number < EVENTS; number++) {
                    assertThat(stored(a, number), is(document(number)));
                    assertThat(stored(b, number), is(document(number)));
                }
            } finally {
                MAY_END.countDown();
                a.close();
                b.close();
            }
        }
    }

    private static int port(MemcachedNode node) {
        return Integer.parseInt(node.address().substring(node.address().indexOf(':') + 1));
    }

    private static void run(EvCacheSink sink) {
        FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
        options.setRunner(FlinkRunner.class);
        options.setFlinkMaster("[local]");
        options.setStreaming(true);
        options.setParallelism(1);
        options.setCheckpointingInterval(500L);
        options.setFinishBundleBeforeCheckpointing(true);
        options.setObjectReuse(true);
        options.setFasterCopy(true);
        options.setMaxBundleTimeMills(100L);
        options.setShutdownSourcesAfterIdleMs(0L);
        Pipeline pipeline = Pipeline.create(options);
        pipeline.apply(GenerateSequence.from(0).to(EVENTS).withRate(1, BETWEEN))
                .apply(MapElements.via(new ToEvent()))
                .setCoder(EventCoder.of())
                .apply(EvCacheView.write(sink, new SinkContext(new Run("plays", "", "run-1", 0), "titles", true)));
        pipeline.run().waitUntilFinish();
    }

    private static final class ToEvent extends SimpleFunction<Long, Event> {
        private static final long serialVersionUID = 1;

        @Override
        public Event apply(Long number) {
            if (number == EVENTS - 1) {
                Uninterruptibles.awaitUninterruptibly(MAY_END);
            }
            return Event.of(
                    new Origin("local/plays", 0, number),
                    key(number).getBytes(UTF_8),
                    document(number).getBytes(UTF_8));
        }
    }

    private static String key(long number) {
        return "title-" + number;
    }

    private static String document(long number) {
        return "{\"version\":" + (number + 1) + "}";
    }

    private static @Nullable String stored(ViewStore.Zone zone, long number) throws Exception {
        Stored stored = zone.get(List.of(key(number)))
                .toCompletableFuture()
                .get(1, TimeUnit.MINUTES)
                .get(key(number));
        return stored == null ? null : new String(stored.value(), UTF_8);
    }
}
