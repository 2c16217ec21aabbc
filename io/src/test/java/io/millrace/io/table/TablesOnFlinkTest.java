package io.millrace.io.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.beam.sdk.values.TypeDescriptors.longs;
import static org.apache.beam.sdk.values.TypeDescriptors.maps;
import static org.apache.beam.sdk.values.TypeDescriptors.strings;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.Eventually;
import io.millrace.transforms.enricher.EnrichFromTable;
import io.millrace.transforms.enricher.EnrichFromView;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.MapCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.joda.time.Duration;
import org.junit.Test;

/** Tables on Flink, in this process: held by it, and as a view. */
public class TablesOnFlinkTest {
    private static final int ELEMENTS = 250;

    private static Pipeline pipeline() {
        FlinkPipelineOptions options = PipelineOptionsFactory.create().as(FlinkPipelineOptions.class);
        options.setRunner(FlinkRunner.class);
        options.setFlinkMaster("[local]");
        options.setStreaming(true);
        options.setParallelism(1);
        options.setObjectReuse(true);
        options.setFasterCopy(true);
        options.setShutdownSourcesAfterIdleMs(0L);
        return Pipeline.create(options);
    }

    /** A place whose version a test sets. */
    private static final class Shelf implements RowPlace {
        private static final long serialVersionUID = 1;
        private static final AtomicInteger VERSION = new AtomicInteger(1);
        private static final AtomicInteger LOOKS = new AtomicInteger();

        @Override
        public String place() {
            return "the shelf";
        }

        @Override
        public Optional<String> read(String held, RowReader rows) throws IOException, InterruptedException {
            LOOKS.incrementAndGet();
            String version = VERSION.toString();
            if (held.equals(version)) {
                return Optional.empty();
            }
            rows.row(("{\"id\":\"a\",\"version\":" + version + "}").getBytes(UTF_8));
            return Optional.of(version);
        }
    }

    /** Between two elements, sees to it that another table is there. */
    private static final class SwapFn extends DoFn<Long, Long> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(@Element Long element, OutputReceiver<Long> out) {
            if (element == 1) {
                Shelf.VERSION.incrementAndGet();
                int looks = Shelf.LOOKS.get();
                Eventually.waitUntil(
                        "it was looked for twice, so the first is there", () -> Shelf.LOOKS.get() > looks + 1);
            }
            out.output(element);
        }
    }

    /** Keeps texts, in this process. */
    private static final class KeepFn extends DoFn<String, Void> {
        private static final long serialVersionUID = 1;
        private static final Queue<String> KEPT = new ConcurrentLinkedQueue<>();

        @ProcessElement
        public void process(@Element String text) {
            KEPT.add(text);
        }
    }

    @Test
    public void aTableThatIsReloadedIsSeenByWhatComesThen() {
        KeepFn.KEPT.clear();
        Pipeline pipeline = pipeline();
        pipeline.apply(GenerateSequence.from(0).to(3))
                .apply(ParDo.of(new SwapFn()))
                .apply(EnrichFromTable.of((Long element) -> "a", new JsonTable("id", new Shelf()))
                        .withValueCoder(ByteArrayCoder.of())
                        .withReloadEvery(java.time.Duration.ofSeconds(1)))
                .results()
                .apply(MapElements.into(strings())
                        .via(one -> one.input() + " " + new String(one.value(), UTF_8) + " " + one.from()))
                .apply(ParDo.of(new KeepFn()));

        pipeline.run().waitUntilFinish();

        assertThat(
                List.copyOf(KeepFn.KEPT),
                is(List.of(
                        "0 {\"id\":\"a\",\"version\":1} TABLE",
                        "1 {\"id\":\"a\",\"version\":2} TABLE",
                        "2 {\"id\":\"a\",\"version\":2} TABLE")));
    }

    @Test
    public void eachElementSeesATableOfAViewThatIsRefreshed() {
        KeepFn.KEPT.clear();
        Pipeline pipeline = pipeline();
        PCollectionView<Map<Long, Long>> view = pipeline.apply(
                        "Versions", GenerateSequence.from(1).to(50).withRate(1, Duration.millis(100)))
                .apply("Tables", MapElements.into(maps(longs(), longs())).via(version -> Map.of(0L, version)))
                .setCoder(MapCoder.of(VarLongCoder.of(), VarLongCoder.of()))
                .apply(Window.<Map<Long, Long>>into(new GlobalWindows())
                        .triggering(Repeatedly.forever(AfterPane.elementCountAtLeast(1)))
                        .withOnTimeBehavior(Window.OnTimeBehavior.FIRE_IF_NON_EMPTY)
                        .discardingFiredPanes())
                .apply(View.asSingleton());
        PCollection<Long> elements =
                pipeline.apply("Elements", GenerateSequence.from(0).to(ELEMENTS).withRate(1, Duration.millis(20)));

        elements.apply(EnrichFromView.of((Long element) -> 0L, view, VarLongCoder.of()))
                .results()
                .apply(MapElements.into(strings()).via(one -> one.input() + " " + one.value()))
                .apply(ParDo.of(new KeepFn()));

        pipeline.run().waitUntilFinish();

        List<Long> inputs =
                KeepFn.KEPT.stream().map(text -> part(text, 0)).sorted().toList();
        List<Long> versions =
                KeepFn.KEPT.stream().map(text -> part(text, 1)).distinct().toList();
        assertThat(inputs, hasSize(ELEMENTS));
        assertThat(inputs.get(ELEMENTS - 1), is(ELEMENTS - 1L));
        assertThat(inputs.stream().distinct().count(), is((long) ELEMENTS));
        assertThat(versions.size(), greaterThan(1));
        assertThat(versions, is(versions.stream().sorted().toList()));
    }

    private static long part(String text, int part) {
        return Long.parseLong(text.split(" ")[part]);
    }
}
