package io.millrace.transforms.joiner;

/**
 * A right element with the left ones that it was given.
 *
 * @param left the left ones, reduced
 * @param right the right one, reduced
 * @param isComplete whether the watermark has shown that nothing more can come to it; a result that leaves on match is not, unless
 *     that is shown already
 * @param isCorrection whether it takes the place of one that left before. It takes that back altogether where {@code left} is what reduces
 *     nothing: an attribution of one's own, or right elements of a granule, may come to give no left one in the end
 */
public record Joined<LeftT, RightT>(LeftT left, RightT right, boolean isComplete, boolean isCorrection) {}
