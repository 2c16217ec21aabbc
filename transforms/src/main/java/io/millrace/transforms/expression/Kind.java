package io.millrace.transforms.expression;

/** What an evaluated node left in the registers of its {@link Frame}. */
final class Kind {
    /** Nothing; {@link Frame#error} says why. */
    static final int ERROR = 0;

    static final int FALSE = 1;
    static final int TRUE = 2;
    static final int NULL = 3;
    /** In {@link Frame#number}. */
    static final int INT = 4;
    /** In the bits of {@link Frame#number}. */
    static final int UINT = 5;
    /** In {@link Frame#real}. */
    static final int DOUBLE = 6;
    /** A string, as the valid UTF-8 of {@link Frame#bytes} between {@link Frame#from} and {@link Frame#to}. */
    static final int TEXT = 7;
    /** From here on, in {@link Frame#object}. */
    static final int STRING = 8;

    static final int BYTES = 9;
    static final int LIST = 10;
    static final int MAP = 11;
    static final int TIMESTAMP = 12;
    static final int DURATION = 13;
    static final int TYPE = 14;

    private Kind() {}

    static int of(boolean value) {
        return value ? TRUE : FALSE;
    }

    static boolean isBool(int kind) {
        return kind == TRUE || kind == FALSE;
    }

    static boolean isNumber(int kind) {
        return kind == INT || kind == DOUBLE || kind == UINT;
    }

    /** The name of the type, as CEL's {@code type()} gives it. */
    static String typeName(int kind) {
        return switch (kind) {
            case FALSE, TRUE -> "bool";
            case NULL -> "null_type";
            case INT -> "int";
            case UINT -> "uint";
            case DOUBLE -> "double";
            case TEXT, STRING -> "string";
            case BYTES -> "bytes";
            case LIST -> "list";
            case MAP -> "map";
            case TIMESTAMP -> "google.protobuf.Timestamp";
            case DURATION -> "google.protobuf.Duration";
            case TYPE -> "type";
            default -> throw new IllegalArgumentException("kind must be one of a value, but was " + kind);
        };
    }
}
