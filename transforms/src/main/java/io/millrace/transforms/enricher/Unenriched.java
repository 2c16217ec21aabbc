package io.millrace.transforms.enricher;

/**
 * An element that could not be enriched.
 *
 * @param input the element
 * @param reason the kind of failure
 * @param message what was wrong, for a person
 */
public record Unenriched<InputT>(InputT input, Reason reason, String message) {

    /** Why there is no answer. The ordinals are part of the encoding. */
    public enum Reason {
        /** The element has no key, or it could not be computed. */
        KEY_FAILED,
        /** The service refused the question, or answered what cannot be used. */
        REFUSED,
        /** No try worked within the time that was given. */
        GAVE_UP,
        /** There is nothing of the key. */
        MISSING,
        /** The element came later than is allowed: what its key's value was at its time may be forgotten. */
        LATE,
        /** The element has no event time, so that no value is the one of its time. */
        NO_TIME
    }
}
