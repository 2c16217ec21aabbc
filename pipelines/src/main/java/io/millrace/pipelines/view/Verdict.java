package io.millrace.pipelines.view;

import io.millrace.io.view.Versions;
import io.millrace.io.view.ViewStore.Stored;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What is the matter with a key where it is stored. */
public enum Verdict {
    /** It is as the view has it. */
    RIGHT("right"),
    /** The view has it, and it is not stored. */
    MISSING("missing"),
    /** What is stored is of an older version. */
    STALE("stale"),
    /** What is stored is nothing that the view has: another value, with no version, the same one, or a newer one; or it is not plain. */
    FOREIGN("foreign"),
    /** The view has removed it, and it is stored. */
    ORPHANED("orphaned"),
    /** Nobody can say what should be stored, or it cannot be: the route gives the key up, or the store takes no such key or value. */
    REFUSED("refused"),
    /** The zone cannot be read now. */
    UNREAD("not known");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    /** The verdict's name in reports. */
    public String text() {
        return text;
    }

    /**
     * Compares what is stored with what should be.
     *
     * @param version the version of the key
     * @param expected what should be stored; null where the key is removed
     * @param stored what is; null for nothing
     * @param versions reads the version of a stored document
     */
    public static Verdict of(long version, byte @Nullable [] expected, @Nullable Stored stored, Versions versions) {
        if (stored == null) {
            return expected == null ? RIGHT : MISSING;
        }
        if (expected == null) {
            return ORPHANED;
        }
        if (!stored.isPlain()) {
            return FOREIGN;
        }
        if (Arrays.equals(expected, stored.value())) {
            return RIGHT;
        }
        Long of = versions.of(stored.value());
        return of != null && of < version ? STALE : FOREIGN;
    }
}
