package io.millrace.transforms.joiner;

/** Which input an element is of. The ordinals are part of encodings. */
public enum Side {
    /** The one that {@link JoinStreams} is applied to. */
    LEFT,
    /** The one that it is joined with. */
    RIGHT;

    /** Its name in messages. */
    String text() {
        return this == LEFT ? "left" : "right";
    }
}
