package io.millrace.transforms.expression;

/** Operators on bools; {@code &&} and {@code ||} take an error of one side back if the other side decides alone. */
final class Logic {
    private Logic() {}

    /** {@code a && b}, or {@code a || b}: a bool that decides, whatever the other side is. */
    static final class Junction extends Node {
        private final Node left;
        private final Node right;
        private final int deciding;
        private final int neutral;
        private final String operator;

        private Junction(Node left, Node right, int deciding, String operator) {
            this.left = left;
            this.right = right;
            this.deciding = deciding;
            this.neutral = Kind.TRUE + Kind.FALSE - deciding;
            this.operator = operator;
        }

        static Junction and(Node left, Node right) {
            return new Junction(left, right, Kind.FALSE, "_&&_");
        }

        static Junction or(Node left, Node right) {
            return new Junction(left, right, Kind.TRUE, "_||_");
        }

        @Override
        int evaluate(Frame frame) {
            int first = left.evaluate(frame);
            if (first == deciding) {
                return first;
            }
            if (first == neutral) {
                return bool(frame, right.evaluate(frame), operator);
            }
            String error = bool(frame, first, operator) == Kind.ERROR ? frame.error : "";
            return right.evaluate(frame) == deciding ? deciding : frame.fail(error);
        }
    }

    /** {@code !a}. */
    static final class Not extends Node {
        private final Node operand;

        Not(Node operand) {
            this.operand = operand;
        }

        @Override
        int evaluate(Frame frame) {
            int kind = bool(frame, operand.evaluate(frame), "!_");
            return kind == Kind.ERROR ? kind : Kind.TRUE + Kind.FALSE - kind;
        }
    }

    /** {@code condition ? a : b}. */
    static final class Conditional extends Node {
        private final Node condition;
        private final Node then;
        private final Node otherwise;

        Conditional(Node condition, Node then, Node otherwise) {
            this.condition = condition;
            this.then = then;
            this.otherwise = otherwise;
        }

        @Override
        int evaluate(Frame frame) {
            int kind = bool(frame, condition.evaluate(frame), "_?_:_");
            return kind == Kind.ERROR ? kind : branch(kind).evaluate(frame);
        }

        @Override
        int write(Frame frame, JsonBytes out) {
            int kind = bool(frame, condition.evaluate(frame), "_?_:_");
            return kind == Kind.ERROR ? kind : branch(kind).write(frame, out);
        }

        private Node branch(int kind) {
            return kind == Kind.TRUE ? then : otherwise;
        }
    }

    /** Everything but false is true, an error too: what keeps the loop of {@code all} going. */
    static final class NotStrictlyFalse extends Node {
        private final Node operand;

        NotStrictlyFalse(Node operand) {
            this.operand = operand;
        }

        @Override
        int evaluate(Frame frame) {
            return Kind.of(operand.evaluate(frame) != Kind.FALSE);
        }
    }

    private static int bool(Frame frame, int kind, String operator) {
        if (Kind.isBool(kind) || kind == Kind.ERROR) {
            return kind;
        }
        return frame.fail("no such overload: " + operator + " with a " + Kind.typeName(kind));
    }
}
