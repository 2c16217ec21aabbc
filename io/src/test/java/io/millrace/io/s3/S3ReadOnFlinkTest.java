package io.millrace.io.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.files.FileEvents;
import io.millrace.io.files.FileSource;
import io.millrace.testfixtures.s3.S3Rule;
import io.millrace.transforms.event.Event;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Objects that are read by Flink, in this process. */
public class S3ReadOnFlinkTest {
    @Rule
    public final S3Rule s3 = new S3Rule();

    private String path;

    @Before
    public void writeObject() throws Exception {
        String bucket = s3.bucket("lake");
        Path object = s3.server().folder(bucket).resolve("plays/a.jsonl");
        Files.createDirectories(object.getParent());
        Files.writeString(object, "1\n2\n3\n");
        path = "s3://" + bucket + "/plays";
        KeepFn.KEPT.clear();
        TellFn.running = new CountDownLatch(1);
    }

    private Pipeline pipeline() {
        FlinkPipelineOptions options = PipelineOptionsFactory.create().as(FlinkPipelineOptions.class);
        options.setRunner(FlinkRunner.class);
        options.setFlinkMaster("[local]");
        options.setStreaming(true);
        options.setParallelism(2);
        options.setShutdownSourcesAfterIdleMs(0L);
        new S3Settings("us-east-1", s3.server().endpoint()).setIn(options);
        return Pipeline.create(options);
    }

    /** Keeps lines, in this process. */
    private static final class KeepFn extends DoFn<Event, Void> {
        private static final long serialVersionUID = 1;
        private static final Queue<String> KEPT = new ConcurrentLinkedQueue<>();

        @ProcessElement
        public void process(@Element Event line) {
            KEPT.add(new String(line.value(), UTF_8));
        }
    }

    /** Tells that the tasks of a job run. */
    private static final class TellFn extends DoFn<String, Void> {
        private static final long serialVersionUID = 1;
        private static CountDownLatch running = new CountDownLatch(1);

        @ProcessElement
        public void process() {
            running.countDown();
        }
    }

    @Test
    public void readsEverythingThoughTheServerAnswersLongAfterTheReadersAreThere() throws Exception {
        Pipeline pipeline = pipeline();
        pipeline.apply("read", FileEvents.read(new FileSource(path))).events().apply("keep", ParDo.of(new KeepFn()));
        pipeline.apply("element", Create.of("")).apply("tell", ParDo.of(new TellFn()));
        s3.server().process().pause();
        CompletableFuture<Void> run =
                CompletableFuture.runAsync(() -> pipeline.run().waitUntilFinish());
        assertThat("tasks run", TellFn.running.await(2, TimeUnit.MINUTES));

        s3.server().process().resume();

        run.get(2, TimeUnit.MINUTES);
        assertThat(KeepFn.KEPT, containsInAnyOrder("1", "2", "3"));
    }

    @Test
    public void failsWhereThereIsNothingToRead() {
        Pipeline pipeline = pipeline();
        String nothing = path + "/of/yesterday";

        assertThat(
                assertThrows(
                                UncheckedIOException.class,
                                () -> pipeline.apply("read", FileEvents.read(new FileSource(nothing))))
                        .getCause()
                        .getMessage(),
                is("path must lead to at least one file, but was " + nothing));
    }
}
