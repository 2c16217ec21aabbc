package io.millrace.transforms.joiner;

/** What comes out besides what is joined. */
public enum JoinKind {
    /** Nothing. */
    INNER(false, false),
    /** Left elements that no right one was given. */
    LEFT(true, false),
    /** Right elements that were given no left one. */
    RIGHT(false, true),
    /** Both. */
    FULL(true, true);

    private final boolean keepsLeft;
    private final boolean keepsRight;

    JoinKind(boolean keepsLeft, boolean keepsRight) {
        this.keepsLeft = keepsLeft;
        this.keepsRight = keepsRight;
    }

    boolean keepsLeft() {
        return keepsLeft;
    }

    boolean keepsRight() {
        return keepsRight;
    }
}
