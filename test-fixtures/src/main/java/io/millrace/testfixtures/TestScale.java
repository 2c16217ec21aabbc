package io.millrace.testfixtures;

/**
 * How large a test runs: {@code smoke} in every build, {@code soak} with {@code -Psoak}.
 *
 * <p><i>Fails</i>: where the system property {@value #PROPERTY} is neither.
 */
public final class TestScale {

    /** The system property that says which. */
    public static final String PROPERTY = "millrace.test.scale";

    private TestScale() {}

    /** The value for the scale that this build runs at. */
    public static int choose(int smoke, int soak) {
        return isSoak() ? soak : smoke;
    }

    /** Whether tests run at full size. */
    public static boolean isSoak() {
        String scale = System.getProperty(PROPERTY, "smoke");
        return switch (scale) {
            case "smoke" -> false;
            case "soak" -> true;
            default -> throw new IllegalArgumentException(PROPERTY + " must be smoke or soak, but was " + scale);
        };
    }
}
