package io.millrace.pipelines;

import java.util.UUID;

/** Lineages: the name that a run shares with those restored from it. */
final class Lineages {
    private static final int DIGITS = 12;

    private Lineages() {}

    /** A name that no other run has. */
    static String anew() {
        return UUID.randomUUID().toString().replace("-", "").substring(0, DIGITS);
    }
}
