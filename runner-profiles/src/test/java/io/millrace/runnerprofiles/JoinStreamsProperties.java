package io.millrace.runnerprofiles;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.join.JoinCase;
import io.millrace.testfixtures.join.JoinCase.Arrival;
import io.millrace.testfixtures.join.JoinCase.Step;
import io.millrace.testfixtures.join.JoinCases;
import io.millrace.testfixtures.join.JoinOracle;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * What a join of two streams makes of random stories is what it must be by definition: on DirectRunner, and on Flink with its state on the
 * heap and in RocksDB.
 *
 * <p>Which elements are late is the same only on DirectRunner. Flink moves the watermark between bundles alone, and that of a join is the lower one
 * of its two inputs, of which one may be behind the other: so fewer are late, and those that are not are joined.
 */
class JoinStreamsProperties {

    private static final String HEAP = "filesystem";
    private static final String ROCKSDB = "rocksdb";
    private static final int ONE_ELEMENT = 1;
    private static final int FIFTY_ELEMENTS = 50;

    @Provide
    Arbitrary<JoinCase> cases() {
        return JoinCases.ofAtMost(200);
    }

    @Property(tries = 24, shrinking = ShrinkingMode.BOUNDED)
    void onDirectRunner(@ForAll("cases") JoinCase join) {
        PipelineOptions options = PipelineOptionsFactory.create();
        options.setRunner(DirectRunner.class);

        assertThat(JoinStory.results(join, options), is(JoinOracle.results(join)));
    }

    @Property(tries = 12, shrinking = ShrinkingMode.BOUNDED)
    void onFlinkWithStateOnTheHeap(@ForAll("cases") JoinCase any) {
        JoinCase join = any.withoutLateOnes();

        assertThat(JoinStory.results(join, flink(HEAP, ONE_ELEMENT)), is(JoinOracle.results(join)));
    }

    @Property(tries = 12, shrinking = ShrinkingMode.BOUNDED)
    void onFlinkWithStateInRocksDb(@ForAll("cases") JoinCase any) {
        JoinCase join = any.withoutLateOnes();

        assertThat(JoinStory.results(join, flink(ROCKSDB, ONE_ELEMENT)), is(JoinOracle.results(join)));
    }

    @Property(tries = 12, shrinking = ShrinkingMode.BOUNDED)
    void onFlinkElementsAreEitherLateAsTheyMayBeOrJoined(@ForAll("cases") JoinCase join) {
        assertLateAsTheyMayBeOrJoined(join, JoinStory.results(join, flink(ROCKSDB, ONE_ELEMENT)));
    }

    @Property(tries = 12, shrinking = ShrinkingMode.BOUNDED)
    void onFlinkSoTheyAreWithLargeBundles(@ForAll("cases") JoinCase join) {
        assertLateAsTheyMayBeOrJoined(join, JoinStory.results(join, flink(HEAP, FIFTY_ELEMENTS)));
    }

    private static void assertLateAsTheyMayBeOrJoined(JoinCase join, List<String> results) {
        List<String> late =
                results.stream().filter(result -> result.startsWith("late")).toList();
        List<String> others =
                results.stream().filter(result -> !result.startsWith("late")).toList();

        assertThat(late, everyItem(is(in(JoinOracle.results(join)))));
        assertThat(others, is(JoinOracle.results(withoutThese(join, late))));
    }

    /** The elements that were taken in, as if there were no watermark. */
    private static JoinCase withoutThese(JoinCase join, List<String> late) {
        List<String> left = new ArrayList<>(late);
        List<Step> taken = new ArrayList<>();
        for (int i = join.steps().size() - 1; i >= 0; i--) { // of duplicates, the later ones are late
            if (join.steps().get(i) instanceof Arrival arrival && !left.remove(arrival.late())) {
                taken.add(arrival);
            }
        }
        return join.withSteps(taken);
    }

    private static PipelineOptions flink(String stateBackend, long maxBundleSize) {
        FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
        options.setRunner(FlinkRunner.class);
        options.setFlinkMaster("[local]");
        options.setStreaming(true);
        options.setParallelism(1);
        options.setMaxBundleSize(maxBundleSize);
        options.setObjectReuse(true);
        options.setFasterCopy(true);
        options.setShutdownSourcesAfterIdleMs(0L);
        options.setStateBackend(stateBackend);
        options.setStateBackendStoragePath(folder());
        return options;
    }

    private static String folder() {
        try {
            return Files.createTempDirectory("join").toUri().toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
