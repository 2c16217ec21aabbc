package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Equality, order and membership. */
final class Comparisons {
    private Comparisons() {}

    /** {@code a == b} and {@code a != b}. */
    static final class Equal extends Node {
        private final Node left;
        private final Node right;
        private final boolean wanted;

        Equal(Node left, Node right, boolean wanted) {
            this.left = left;
            this.right = right;
            this.wanted = wanted;
        }

        @Override
        int evaluate(Frame frame) {
            int leftKind = left.evaluate(frame);
            if (leftKind == Kind.ERROR) {
                return leftKind;
            }
            if (Kind.isNumber(leftKind)) {
                long number = frame.number;
                double real = frame.real;
                int kind = right.evaluate(frame);
                return kind == Kind.ERROR ? kind : Kind.of(wanted == equalNumbers(frame, leftKind, number, real, kind));
            }
            if (leftKind == Kind.TEXT) {
                byte[] bytes = frame.bytes;
                int from = frame.from;
                int to = frame.to;
                int kind = right.evaluate(frame);
                return kind == Kind.ERROR ? kind : Kind.of(wanted == equalTexts(frame, bytes, from, to, kind));
            }
            Object object = frame.boxed(leftKind);
            int kind = right.evaluate(frame);
            return kind == Kind.ERROR ? kind : Kind.of(wanted == Values.equal(object, frame.boxed(kind)));
        }

        private static boolean equalNumbers(Frame frame, int leftKind, long number, double real, int kind) {
            return Kind.isNumber(kind) && Numbers.compare(leftKind, number, real, kind, frame.number, frame.real) == 0;
        }

        private static boolean equalTexts(Frame frame, byte[] bytes, int from, int to, int kind) {
            if (kind == Kind.TEXT) {
                return Arrays.equals(bytes, from, to, frame.bytes, frame.from, frame.to);
            }
            return kind == Kind.STRING && new String(bytes, from, to - from, UTF_8).equals(frame.object);
        }
    }

    /** Which outcomes of a comparison an operator takes. */
    enum Order {
        LESS("_<_"),
        LESS_OR_EQUAL("_<=_"),
        GREATER("_>_"),
        GREATER_OR_EQUAL("_>=_");

        private final String operator;

        Order(String operator) {
            this.operator = operator;
        }

        boolean takes(int comparison) {
            return switch (this) {
                case LESS -> comparison == -1;
                case LESS_OR_EQUAL -> comparison == -1 || comparison == 0;
                case GREATER -> comparison == 1;
                case GREATER_OR_EQUAL -> comparison == 1 || comparison == 0;
            };
        }
    }

    /** {@code a < b} and its like. */
    static final class Ordered extends Node {
        private final Node left;
        private final Node right;
        private final Order order;

        Ordered(Node left, Node right, Order order) {
            this.left = left;
            this.right = right;
            this.order = order;
        }

        @Override
        int evaluate(Frame frame) {
            int leftKind = left.evaluate(frame);
            if (leftKind == Kind.ERROR) {
                return leftKind;
            }
            if (Kind.isNumber(leftKind)) {
                long number = frame.number;
                double real = frame.real;
                int kind = right.evaluate(frame);
                if (Kind.isNumber(kind)) {
                    return taken(Numbers.compare(leftKind, number, real, kind, frame.number, frame.real));
                }
                return kind == Kind.ERROR ? kind : noOverload(frame, leftKind, kind);
            }
            return boxed(frame, leftKind);
        }

        private int boxed(Frame frame, int leftKind) {
            Object object = frame.boxed(leftKind);
            int kind = right.evaluate(frame);
            if (kind == Kind.ERROR) {
                return kind;
            }
            try {
                return taken(Values.compare(object, frame.boxed(kind), order.operator));
            } catch (Failure e) {
                return frame.fail(e.reason());
            }
        }

        private int noOverload(Frame frame, int leftKind, int kind) {
            return frame.fail("no such overload: " + order.operator + "(" + Kind.typeName(leftKind) + ", "
                    + Kind.typeName(kind) + ")");
        }

        private int taken(int comparison) {
            return Kind.of(order.takes(comparison));
        }
    }

    /** {@code a in b} where b is computed. */
    static final class In extends Node {
        private final Node element;
        private final Node container;

        In(Node element, Node container) {
            this.element = element;
            this.container = container;
        }

        @Override
        int evaluate(Frame frame) {
            int kind = element.evaluate(frame);
            if (kind == Kind.ERROR) {
                return kind;
            }
            Object wanted = frame.boxed(kind);
            int containerKind = container.evaluate(frame);
            return switch (containerKind) {
                case Kind.ERROR -> containerKind;
                case Kind.LIST -> Kind.of(Values.contains((List<?>) frame.object, wanted));
                case Kind.MAP -> Kind.of(Values.find((Map<?, ?>) frame.object, wanted) != null);
                default ->
                    frame.fail(
                            "no such overload: @in(" + Kind.typeName(kind) + ", " + Kind.typeName(containerKind) + ")");
            };
        }
    }

    /** {@code a in b} where b is a list of constants. */
    static final class InConstants extends Node {
        private final Node element;
        private final ConstantSet constants;

        InConstants(Node element, ConstantSet constants) {
            this.element = element;
            this.constants = constants;
        }

        @Override
        int evaluate(Frame frame) {
            int kind = element.evaluate(frame);
            return kind == Kind.ERROR ? kind : Kind.of(constants.contains(frame, kind));
        }
    }
}
