package io.millrace.benchmarks.expression;

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

/** What JMH measures: jobs on one document after another. Public because JMH generates a subclass. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JobMeasurement {
    private static final int DOCUMENTS = 32;
    private static final int BYTES_IN_TURN = 500_000;
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

    /** Whether each document has its fields in an order of its own. */
    @Param("false")
    public boolean anyOrder;

    private byte[][] documents = {};
    private int passes;

    @SuppressWarnings("NullAway.Init")
    private Job ours;

    @SuppressWarnings("NullAway.Init")
    private Job byHand;

    @SuppressWarnings("NullAway.Init")
    private Job skipping;

    /** The time that each job took, in nanoseconds, and for how many documents. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Times {
        /** Ours. */
        public long ours;

        /** The same in Java for just this case. */
        public long byHand;

        /** Ours with nothing to read. */
        public long skipping;

        /** How many documents each job had. */
        public long documents;
    }

    /** Makes the documents and the jobs. */
    @Setup
    public void prepare() {
        Case measured = new Case(predicates, Shape.valueOf(shape), bytes, anyOrder);
        documents = documents(measured);
        passes = Math.max(1, BYTES_IN_TURN / (DOCUMENTS * bytes));
        ours = measured.ours();
        byHand = measured.byHand();
        skipping = Case.skipping();
    }

    static byte[][] documents(Case measured) {
        return new Documents(SEED, measured.shape(), measured.anyOrder()).make(DOCUMENTS, measured.bytes());
    }

    /** Each job has its turn, a short one, so that what disturbs the machine meets all of them. */
    @Benchmark
    public void inTurns(Times times, Blackhole results) throws Refusal {
        long start = System.nanoTime();
        runOurs(results);
        long oursDone = System.nanoTime();
        runByHand(results);
        long byHandDone = System.nanoTime();
        runSkipping(results);
        times.ours += oursDone - start;
        times.byHand += byHandDone - oursDone;
        times.skipping += System.nanoTime() - byHandDone;
        times.documents += (long) passes * DOCUMENTS;
    }

    private void runOurs(Blackhole results) throws Refusal {
        for (int pass = 0; pass < passes; pass++) {
            for (byte[] document : documents) {
                results.consume(ours.route(document));
            }
        }
    }

    private void runByHand(Blackhole results) throws Refusal {
        for (int pass = 0; pass < passes; pass++) {
            for (byte[] document : documents) {
                results.consume(byHand.route(document));
            }
        }
    }

    private void runSkipping(Blackhole results) throws Refusal {
        for (int pass = 0; pass < passes; pass++) {
            for (byte[] document : documents) {
                results.consume(skipping.route(document));
            }
        }
    }
}
