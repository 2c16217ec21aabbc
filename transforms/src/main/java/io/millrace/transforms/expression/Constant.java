package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A value that is known when the expression is compiled; a {@link Failure} is one that fails each time. */
final class Constant extends Node {
    private final Object value;
    private final int kind;
    private final long number;
    private final double real;
    private final byte[] utf8;

    Constant(Object value) {
        this.value = value;
        this.kind = value instanceof Failure ? Kind.ERROR : Values.kindOf(value);
        this.number = value instanceof Long l ? l : value instanceof Unsigned u ? u.bits() : 0;
        this.real = value instanceof Double d ? d : 0;
        this.utf8 = value instanceof String string ? string.getBytes(UTF_8) : new byte[0];
    }

    Object value() {
        return value;
    }

    /** The UTF-8 of a string constant. */
    byte[] utf8() {
        return utf8;
    }

    @Override
    boolean isWorthKeeping() {
        return false;
    }

    @Override
    int evaluate(Frame frame) {
        switch (kind) {
            case Kind.ERROR -> {
                return frame.unboxed(value);
            }
            case Kind.STRING -> {
                return frame.text(utf8, 0, utf8.length);
            }
            case Kind.INT, Kind.UINT -> frame.number = number;
            case Kind.DOUBLE -> frame.real = real;
            default -> frame.object = value;
        }
        return kind;
    }
}
