package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Tests of a string against a constant, on the bytes where they stand. */
final class Strings {
    private Strings() {}

    /** Where in the string the constant is looked for. */
    enum Where {
        START("startsWith"),
        END("endsWith"),
        ANYWHERE("contains");

        private final String function;

        Where(String function) {
            this.function = function;
        }
    }

    /** {@code a.startsWith("...")} and its like. Valid UTF-8 contains another exactly where the strings do. */
    static final class Contains extends Node {
        private final Node string;
        private final byte[] part;
        private final Where where;

        Contains(Node string, byte[] part, Where where) {
            this.string = string;
            this.part = part;
            this.where = where;
        }

        @Override
        int evaluate(Frame frame) {
            int kind = operand(string, frame);
            return switch (kind) {
                case Kind.ERROR -> kind;
                case Kind.TEXT -> Kind.of(test(frame.bytes, frame.from, frame.to));
                case Kind.STRING -> {
                    byte[] utf8 = ((String) frame.object).getBytes(UTF_8);
                    yield Kind.of(test(utf8, 0, utf8.length));
                }
                default -> frame.fail("no such overload: " + where.function + "(" + Kind.typeName(kind) + ", string)");
            };
        }

        private boolean test(byte[] bytes, int from, int to) {
            int spare = to - from - part.length;
            if (spare < 0) {
                return false;
            }
            return switch (where) {
                case START -> isAt(bytes, from);
                case END -> isAt(bytes, from + spare);
                case ANYWHERE -> isAnywhere(bytes, from, from + spare);
            };
        }

        private boolean isAnywhere(byte[] bytes, int first, int last) {
            for (int at = first; at <= last; at++) {
                if (isAt(bytes, at)) {
                    return true;
                }
            }
            return false;
        }

        private boolean isAt(byte[] bytes, int at) {
            return Arrays.equals(bytes, at, at + part.length, part, 0, part.length);
        }
    }
}
