package io.millrace.transforms.joiner;

/**
 * A right element with the left ones that it was given.
 *
 * @param left the left ones, reduced
 * @param right the right one, reduced
 * @param stage what it is worth beside others of the same right element
 */
public record Joined<LeftT, RightT>(LeftT left, RightT right, Stage stage) {
    /** The header that says the stage of a result which is an event, in lower case. */
    public static final String STAGE_HEADER = "millrace-stage";

    /** What a result is worth. The ordinals are part of the encoding. */
    public enum Stage {
        /** The only one, since nothing more can come to it. */
        COMPLETE,
        /** It left with the first match. It stands, unless a correction or a retraction comes; if it was right nothing comes. */
        EARLY,
        /** It takes the place of the early one, and is complete. */
        CORRECTION,
        /**
         * It takes the early one back: in the end no left one was given, and {@code left} is what reduces nothing. That can be with an
         * attribution of one's own, and with right elements of a granule.
         */
        RETRACTION
    }
}
