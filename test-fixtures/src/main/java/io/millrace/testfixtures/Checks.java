package io.millrace.testfixtures;

import java.time.Duration;

/**
 * Settings of fixtures, checked where they are said.
 *
 * <p><i>Fails</i>: where a value breaks its rule, with a message that has the name, the rule and the value.
 */
public final class Checks {

    private Checks() {}

    /** A number that is not below the least one. */
    public static int atLeast(int least, String name, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", but was " + value);
        }
        return value;
    }

    /** A time that is not below the least one. */
    public static Duration atLeast(Duration least, String name, Duration value) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", but was " + value);
        }
        return value;
    }

    /** A share, or a sum of shares, from none to all; what sums lose by rounding is forgiven. */
    public static double share(String name, double value) {
        if (!(value >= 0 && value <= 1.000_001)) {
            throw new IllegalArgumentException(name + " must be from 0 to 1, but was " + value);
        }
        return value;
    }
}
