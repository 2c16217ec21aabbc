package io.millrace.benchmarks.expression;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What JMH measures: a job on one document after another. Public because JMH generates a subclass. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JobMeasurement {
    private static final int DOCUMENTS = 32;
    private static final long SEED = 42;

    /** How many predicates the filter has. */
    @Param("1")
    @SuppressWarnings("NullAway.Init")
    public int predicates;

    /** The name of a {@link Shape}. */
    @Param("FLAT")
    @SuppressWarnings("NullAway.Init")
    public String shape;

    /** How long a document is, about. */
    @Param("200")
    public int bytes;

    private byte[][] documents = {};
    private int position;

    @SuppressWarnings("NullAway.Init")
    private Job ours;

    @SuppressWarnings("NullAway.Init")
    private Job byHand;

    @SuppressWarnings("NullAway.Init")
    private Job skipping;

    /** Makes the documents and the jobs. */
    @Setup
    public void prepare() {
        Case measured = new Case(predicates, Shape.valueOf(shape), bytes);
        documents = documents(measured.shape(), bytes);
        ours = measured.ours();
        byHand = measured.byHand();
        skipping = Case.skipping();
    }

    static byte[][] documents(Shape shape, int bytes) {
        return new Documents(SEED, shape).make(DOCUMENTS, bytes);
    }

    private byte[] document() {
        position = position + 1 & DOCUMENTS - 1;
        return documents[position];
    }

    /** Ours. */
    @Benchmark
    public byte @Nullable [] ours() throws Refusal {
        return ours.route(document());
    }

    /** The same in Java for just this case. */
    @Benchmark
    public byte @Nullable [] byHand() throws Refusal {
        return byHand.route(document());
    }

    /** Ours with nothing to read. */
    @Benchmark
    public byte @Nullable [] skipping() throws Refusal {
        return skipping.route(document());
    }
}
