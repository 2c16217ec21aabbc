package io.millrace.transforms.joiner;

/** What comes out besides what is joined. */
public enum JoinType {
    /** Nothing. */
    INNER(false, false),
    /** Left elements that no right one was given. */
    LEFT_OUTER(true, false),
    /** Right elements that were given no left one. */
    RIGHT_OUTER(false, true),
    /** Both. */
    FULL_OUTER(true, true);

    private final boolean keepsLeft;
    private final boolean keepsRight;

    JoinType(boolean keepsLeft, boolean keepsRight) {
        this.keepsLeft = keepsLeft;
        this.keepsRight = keepsRight;
    }

    /** Whether left elements that no right one was given come out. */
    public boolean keepsLeft() {
        return keepsLeft;
    }

    boolean keepsRight() {
        return keepsRight;
    }
}
