package io.millrace.transforms.expression;

/** The value that a {@link Shared} node had for an event. */
final class Memo {
    private static final byte[] NOTHING = {};

    private long event = -1;
    private int kind;
    private long number;
    private double real;
    private Object object = Null.NULL;
    private byte[] bytes = NOTHING;
    private int from;
    private int to;
    private String error = "";

    /** Whether the value is of the event that the frame is bound to. */
    boolean isOf(Frame frame) {
        return event == frame.event;
    }

    /** Keeps the value in the registers, which is of a kind. */
    int keep(Frame frame, int kind) {
        this.event = frame.event;
        this.kind = kind;
        switch (kind) {
            case Kind.FALSE, Kind.TRUE, Kind.NULL -> {}
            case Kind.ERROR -> error = frame.error;
            case Kind.INT, Kind.UINT -> number = frame.number;
            case Kind.DOUBLE -> real = frame.real;
            case Kind.TEXT -> {
                bytes = frame.bytes;
                from = frame.from;
                to = frame.to;
            }
            default -> object = frame.object;
        }
        return kind;
    }

    /** Leaves the value in the registers. */
    int recall(Frame frame) {
        return switch (kind) {
            case Kind.FALSE, Kind.TRUE, Kind.NULL -> kind;
            case Kind.ERROR -> frame.fail(error);
            case Kind.INT -> frame.integer(number);
            case Kind.UINT -> frame.unsigned(number);
            case Kind.DOUBLE -> frame.real(real);
            case Kind.TEXT -> frame.text(bytes, from, to);
            default -> {
                frame.object = object;
                yield kind;
            }
        };
    }
}
