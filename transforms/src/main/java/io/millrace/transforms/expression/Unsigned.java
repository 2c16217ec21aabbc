package io.millrace.transforms.expression;

/** A CEL uint. */
record Unsigned(long bits) {

    @Override
    public String toString() {
        return Long.toUnsignedString(bits);
    }
}
