package io.millrace.benchmarks.script;

import io.millrace.benchmarks.expression.Documents;
import io.millrace.benchmarks.expression.Shape;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What JMH measures: steps on one document after another. Public because JMH generates a subclass. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StepMeasurement {
    private static final int DOCUMENTS = 32;
    private static final int BYTES = 400;
    private static final int PASSES = 40;
    private static final long SEED = 42;

    /** The name of a {@link Shape}. */
    @Param("FLAT")
    @SuppressWarnings("NullAway.Init")
    public String shape;

    private byte[][] documents = {};

    @SuppressWarnings("NullAway.Init")
    private Step script;

    @SuppressWarnings("NullAway.Init")
    private Step tree;

    /** The time that each step took, in nanoseconds, and for how many documents. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Times {
        /** The script. */
        public long script;

        /** Java over a tree. */
        public long tree;

        /** How many documents each step had. */
        public long documents;
    }

    /** Makes the documents and the steps. */
    @Setup
    public void prepare() {
        Shape known = Shape.valueOf(shape);
        documents = new Documents(SEED, known, false).make(DOCUMENTS, BYTES);
        script = new ScriptStep(known);
        tree = new TreeStep(known);
    }

    /** Each step has its turn, a short one, so that what disturbs the machine meets both. */
    @Benchmark
    public void inTurns(Times times, Blackhole results) throws Exception {
        long start = System.nanoTime();
        run(script, results);
        long scriptDone = System.nanoTime();
        run(tree, results);
        times.script += scriptDone - start;
        times.tree += System.nanoTime() - scriptDone;
        times.documents += (long) PASSES * DOCUMENTS;
    }

    private void run(Step step, Blackhole results) throws Exception {
        for (int pass = 0; pass < PASSES; pass++) {
            for (byte[] document : documents) {
                results.consume(step.run(document));
            }
        }
    }
}
