package io.millrace.transforms.otherpattern;

/** The display of progress may read the clock. */
public final class Progress {

    public long now() {
        return System.currentTimeMillis();
    }

    static final class Ticker {
        long now() {
            return System.currentTimeMillis();
        }
    }
}
