package io.millrace.benchmarks.race;

/** Tells when the compilers of a JVM have become quiet, as one looks at them turn by turn. */
public final class Compilers {
    private static final long QUIET_MILLIS = 50; // of a turn
    private static final int QUIET_TURNS = 3;

    private long compiledMillis;
    private int quietTurns;

    /** A turn has passed, after which the compilers had worked for so long altogether. */
    public void turn(Sample sample) {
        quietTurns = sample.compiledMillis() - compiledMillis < QUIET_MILLIS ? quietTurns + 1 : 0;
        compiledMillis = sample.compiledMillis();
    }

    /** Whether they have been quiet for some turns in a row. */
    public boolean areQuiet() {
        return quietTurns >= QUIET_TURNS;
    }
}
