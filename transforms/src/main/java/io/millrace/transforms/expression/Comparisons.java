package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Equality, order and membership. */
final class Comparisons {
    private Comparisons() {}

    /** {@code a == b} and {@code a != b}. */
    static final class Equal extends Node {
        private final Node left;
        private final Node right;
        private final boolean wanted;
        /** The right side if it is always the same text, as it most often is. */
        private final byte @Nullable [] text;

        Equal(Node left, Node right, boolean wanted) {
            this.left = left;
            this.right = right;
            this.wanted = wanted;
            this.text =
                    right instanceof Constant constant && constant.value() instanceof String ? constant.utf8() : null;
        }

        @Override
        @Nullable Membership membership() {
            return wanted && left instanceof Fields.Field field && right instanceof Constant constant
                    ? new Membership(field, new ConstantSet(List.of(constant.value())))
                    : null;
        }

        @Override
        int evaluate(Frame frame) {
            int leftKind = operand(left, frame);
            if (leftKind == Kind.TEXT && text != null) {
                return Kind.of(wanted == Arrays.equals(frame.bytes, frame.from, frame.to, text, 0, text.length));
            }
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
        LESS("_<_", true, false, false),
        LESS_OR_EQUAL("_<=_", true, true, false),
        GREATER("_>_", false, false, true),
        GREATER_OR_EQUAL("_>=_", false, true, true);

        private final String operator;
        private final boolean less;
        private final boolean equal;
        private final boolean greater;

        Order(String operator, boolean less, boolean equal, boolean greater) {
            this.operator = operator;
            this.less = less;
            this.equal = equal;
            this.greater = greater;
        }

        boolean takes(int comparison) {
            return comparison == -1 ? less : comparison == 0 ? equal : comparison == 1 && greater;
        }

        boolean takes(long left, long right) {
            return left < right ? less : left == right ? equal : greater;
        }
    }

    /** {@code a < b} and its like. */
    static final class Ordered extends Node {
        private final Node left;
        private final Node right;
        private final Order order;
        /** Whether the right side is always this int, as it most often is. */
        private final boolean isBounded;

        private final long bound;

        Ordered(Node left, Node right, Order order) {
            this.left = left;
            this.right = right;
            this.order = order;
            this.isBounded = right instanceof Constant constant && constant.value() instanceof Long;
            this.bound = right instanceof Constant constant && constant.value() instanceof Long value ? value : 0;
        }

        @Override
        int evaluate(Frame frame) {
            int leftKind = operand(left, frame);
            if (leftKind == Kind.INT && isBounded) {
                return Kind.of(order.takes(frame.number, bound));
            }
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
            int kind = operand(element, frame);
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
        @Nullable Membership membership() {
            return element instanceof Fields.Field field ? new Membership(field, constants) : null;
        }

        @Override
        int evaluate(Frame frame) {
            int kind = operand(element, frame);
            return kind == Kind.ERROR ? kind : Kind.of(constants.contains(frame, kind));
        }
    }
}
