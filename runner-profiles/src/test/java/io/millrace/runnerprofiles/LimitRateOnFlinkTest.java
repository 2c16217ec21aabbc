package io.millrace.runnerprofiles;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.millrace.transforms.rate.LimitRate;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.Test;

/** Tasks of Flink in this process keep a rate together. */
public class LimitRateOnFlinkTest {
    private static final int TASKS = 4;
    private static final int PER_SECOND = 100;
    private static final int ELEMENTS = 300;

    /** What is made up for, the first of any, and one of each task that is late from its permit to where it is seen. */
    private static final int MOST_IN_A_SECOND = PER_SECOND + PER_SECOND / 4 + 1 + TASKS;

    @Test
    public void fourTasksLetNoMoreThroughThanTheRateThatIsForAllOfThem() {
        Pipeline pipeline = Pipeline.create(options());
        pipeline.apply(GenerateSequence.from(0).to(ELEMENTS))
                .apply(ParDo.of(new BeginTogetherFn()))
                .apply(LimitRate.of(PER_SECOND))
                .apply(ParDo.of(new SeeFn()));
        pipeline.run().waitUntilFinish();

        assertThat(SeeFn.SEEN.keySet(), is(LongStream.range(0, ELEMENTS).boxed().collect(Collectors.toSet())));
        assertThat(SeeFn.THREADS.keySet().size(), is(TASKS));
        assertThat(most(), lessThanOrEqualTo(MOST_IN_A_SECOND));
    }

    private static FlinkPipelineOptions options() {
        FlinkPipelineOptions options = PipelineOptionsFactory.fromArgs("--runner=FlinkRunner", "--streaming")
                .as(FlinkPipelineOptions.class);
        options.setParallelism(TASKS);
        options.setShutdownSourcesAfterIdleMs(0L);
        return options;
    }

    /** The most that were seen in any second. */
    private static int most() {
        List<Long> seen =
                SeeFn.SEEN.values().stream().flatMap(Queue::stream).sorted().toList();
        int most = 0;
        int first = 0;
        for (int last = 0; last < seen.size(); last++) {
            while (seen.get(last) - seen.get(first) >= TimeUnit.SECONDS.toNanos(1)) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    /** Holds each task's first element until all tasks have one: one that begins late would find that the others have taken all. */
    private static final class BeginTogetherFn extends DoFn<Long, Long> {
        private static final long serialVersionUID = 1;
        private static final CountDownLatch ALL = new CountDownLatch(TASKS);

        private transient boolean hasBegun;

        @ProcessElement
        public void process(@Element Long element, OutputReceiver<Long> out) throws InterruptedException {
            if (!hasBegun) {
                hasBegun = true;
                ALL.countDown();
                if (!ALL.await(2, TimeUnit.MINUTES)) {
                    throw new IllegalStateException(TASKS + " tasks must begin, but " + ALL.getCount() + " did not");
                }
            }
            out.output(element);
        }
    }

    /** Keeps when elements passed, and in which threads. */
    private static final class SeeFn extends DoFn<Long, Void> {
        private static final long serialVersionUID = 1;
        private static final Map<Long, Queue<Long>> SEEN = new ConcurrentHashMap<>();
        private static final Map<String, Boolean> THREADS = new ConcurrentHashMap<>();

        @ProcessElement
        public void process(@Element Long element) {
            SEEN.computeIfAbsent(element, first -> new ConcurrentLinkedQueue<>())
                    .add(System.nanoTime());
            THREADS.put(Thread.currentThread().getName(), true);
        }
    }
}
