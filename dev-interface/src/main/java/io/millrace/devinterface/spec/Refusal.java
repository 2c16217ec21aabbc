package io.millrace.devinterface.spec;

import java.lang.reflect.InvocationTargetException;
import java.time.DateTimeException;

/** A constructor or factory of a setting refused what was given. */
final class Refusal {
    private Refusal() {}

    /**
     * What it said.
     *
     * @throws IllegalStateException if it did not refuse, but failed
     */
    static String message(InvocationTargetException e) {
        Throwable cause = e.getCause();
        if (cause instanceof IllegalArgumentException
                || cause instanceof DateTimeException
                || cause instanceof ArithmeticException) {
            return String.valueOf(cause.getMessage());
        }
        throw new IllegalStateException(
                "a setting must refuse with an IllegalArgumentException, but threw " + cause, e);
    }
}
