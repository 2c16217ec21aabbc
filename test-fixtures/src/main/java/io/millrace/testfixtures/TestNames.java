package io.millrace.testfixtures;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.runner.Description;

/**
 * Names that no other test of the JVM gets, from a short name that a test thinks of and the test's own.
 *
 * <p><i>Shape</i>: lower-case letters, digits and hyphens, at most 100 of them, as topics, indices and buckets allow.
 */
public final class TestNames {

    private static final int LONGEST_PREFIX = 60;
    private static final AtomicInteger NEXT = new AtomicInteger();

    private TestNames() {}

    /** A new name for {@code name}, in the test that {@code test} describes. */
    public static String unique(Description test, String name) {
        String where = simpleName(test.getClassName()) + method(test.getMethodName());
        String prefix = where.substring(0, Math.min(LONGEST_PREFIX, where.length()));
        return clean(prefix) + "-" + clean(name) + "-" + NEXT.incrementAndGet();
    }

    private static String simpleName(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    private static String method(@Nullable String methodName) {
        return methodName == null ? "" : "-" + methodName;
    }

    private static String clean(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }
}
