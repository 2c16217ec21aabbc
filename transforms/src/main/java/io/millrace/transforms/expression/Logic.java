package io.millrace.transforms.expression;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Operators on bools; {@code &&} and {@code ||} take an error of one side back if the other side decides alone. */
final class Logic {
    private Logic() {}

    /** {@code a && b && c}, or the same with {@code ||}: a bool that decides, whatever the others are. */
    static final class Junction extends Node {
        private final Node[] operands;
        private final int deciding;
        private final String operator;

        private Junction(Node[] operands, int deciding, String operator) {
            this.operands = operands;
            this.deciding = deciding;
            this.operator = operator;
        }

        static Junction and(Node left, Node right) {
            return of(left, right, Kind.FALSE, "_&&_");
        }

        static Junction or(Node left, Node right) {
            return of(left, right, Kind.TRUE, "_||_");
        }

        /** All of some conditions, one or more. */
        static Junction all(List<Node> conditions) {
            return new Junction(conditions.toArray(Node[]::new), Kind.FALSE, "_&&_");
        }

        /** Operands that are junctions of the same kind become one with this. */
        private static Junction of(Node left, Node right, int deciding, String operator) {
            Node[] operands = Stream.of(left, right)
                    .flatMap(node -> node instanceof Junction inner && inner.deciding == deciding
                            ? Arrays.stream(inner.operands)
                            : Stream.of(node))
                    .toArray(Node[]::new);
            return new Junction(operands, deciding, operator);
        }

        @Override
        List<Node> conjuncts() {
            return deciding == Kind.FALSE ? List.of(operands) : List.of(this);
        }

        /** Alternatives that all ask the same of one field. */
        @Override
        @Nullable Membership membership() {
            Membership first = operands[0].membership();
            if (deciding == Kind.FALSE || first == null) {
                return null;
            }
            ConstantSet constants = first.constants();
            for (Node operand : operands) {
                Membership one = operand.membership();
                if (one == null || one.field().path() != first.field().path()) {
                    return null;
                }
                constants = constants.and(one.constants());
            }
            return new Membership(first.field(), constants);
        }

        @Override
        int evaluate(Frame frame) {
            String error = null;
            for (Node operand : operands) {
                int kind = bool(frame, operand.evaluate(frame), operator);
                if (kind == deciding) {
                    return kind;
                }
                if (kind == Kind.ERROR && error == null) {
                    error = frame.error;
                }
            }
            return error == null ? Kind.TRUE + Kind.FALSE - deciding : frame.fail(error);
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
