package io.millrace.transforms.expression;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code +}, {@code -}, {@code *}, {@code /}, {@code %} and the sign. */
final class Arithmetic {
    private static final String OVERFLOW = "integer overflow";
    private static final String DIVISION_BY_ZERO = "division by zero";

    private Arithmetic() {}

    /** An operator of two numbers; what else it can do follows from its values. */
    enum Operator {
        ADD("_+_"),
        SUBTRACT("_-_"),
        MULTIPLY("_*_"),
        DIVIDE("_/_"),
        MODULO("_%_");

        private static final Map<String, Operator> BY_NAME = Map.of(
                ADD.function,
                ADD,
                SUBTRACT.function,
                SUBTRACT,
                MULTIPLY.function,
                MULTIPLY,
                DIVIDE.function,
                DIVIDE,
                MODULO.function,
                MODULO);

        private final String function;

        Operator(String function) {
            this.function = function;
        }

        static Operator of(String function) {
            Operator operator = BY_NAME.get(function);
            if (operator == null) {
                throw new IllegalArgumentException("function must be arithmetic, but was " + function);
            }
            return operator;
        }
    }

    /** {@code a + b} and its like. */
    static final class Binary extends Node {
        private final Node left;
        private final Node right;
        private final Operator operator;

        Binary(Node left, Node right, Operator operator) {
            this.left = left;
            this.right = right;
            this.operator = operator;
        }

        @Override
        int evaluate(Frame frame) {
            int leftKind = left.evaluate(frame);
            if (!Kind.isNumber(leftKind)) {
                return leftKind == Kind.ERROR ? leftKind : boxed(frame, frame.boxed(leftKind));
            }
            long number = frame.number;
            double real = frame.real;
            int kind = right.evaluate(frame);
            if (kind == Kind.ERROR) {
                return kind;
            }
            if (leftKind == Kind.INT && kind == Kind.INT) {
                return ints(frame, number, frame.number);
            }
            boolean mixed = leftKind == Kind.INT && kind == Kind.DOUBLE || leftKind == Kind.DOUBLE && kind == Kind.INT;
            if ((mixed || leftKind == Kind.DOUBLE && kind == Kind.DOUBLE) && operator != Operator.MODULO) {
                double a = leftKind == Kind.INT ? number : real;
                double b = kind == Kind.INT ? frame.number : frame.real;
                return frame.real(doubles(a, b));
            }
            if (leftKind == Kind.UINT && kind == Kind.UINT) {
                return uints(frame, number, frame.number);
            }
            return noOverload(frame, leftKind, kind);
        }

        private int noOverload(Frame frame, int leftKind, int kind) {
            return frame.fail("no such overload: " + operator.function + "(" + Kind.typeName(leftKind) + ", "
                    + Kind.typeName(kind) + ")");
        }

        private double doubles(double a, double b) {
            return switch (operator) {
                case ADD -> a + b;
                case SUBTRACT -> a - b;
                case MULTIPLY -> a * b;
                default -> a / b;
            };
        }

        private int ints(Frame frame, long a, long b) {
            switch (operator) {
                case ADD -> {
                    long sum = a + b;
                    return ((a ^ sum) & (b ^ sum)) < 0 ? frame.fail(OVERFLOW) : frame.integer(sum);
                }
                case SUBTRACT -> {
                    long difference = a - b;
                    return ((a ^ b) & (a ^ difference)) < 0 ? frame.fail(OVERFLOW) : frame.integer(difference);
                }
                case MULTIPLY -> {
                    long low = a * b;
                    return Math.multiplyHigh(a, b) == low >> 63 ? frame.integer(low) : frame.fail(OVERFLOW);
                }
                default -> {
                    return b == 0
                            ? frame.fail(DIVISION_BY_ZERO)
                            : a == Long.MIN_VALUE && b == -1
                                    ? frame.fail(OVERFLOW)
                                    : frame.integer(operator == Operator.DIVIDE ? a / b : a % b);
                }
            }
        }

        private int uints(Frame frame, long a, long b) {
            switch (operator) {
                case ADD -> {
                    return Long.compareUnsigned(a + b, a) < 0 ? frame.fail(OVERFLOW) : frame.unsigned(a + b);
                }
                case SUBTRACT -> {
                    return Long.compareUnsigned(a, b) < 0 ? frame.fail(OVERFLOW) : frame.unsigned(a - b);
                }
                case MULTIPLY -> {
                    boolean fits = a == 0 || Long.compareUnsigned(b, Long.divideUnsigned(-1, a)) <= 0;
                    return fits ? frame.unsigned(a * b) : frame.fail(OVERFLOW);
                }
                default -> {
                    return b == 0
                            ? frame.fail(DIVISION_BY_ZERO)
                            : frame.unsigned(
                                    operator == Operator.DIVIDE
                                            ? Long.divideUnsigned(a, b)
                                            : Long.remainderUnsigned(a, b));
                }
            }
        }

        private int boxed(Frame frame, Object a) {
            int kind = right.evaluate(frame);
            if (kind == Kind.ERROR) {
                return kind;
            }
            Object b = frame.boxed(kind);
            try {
                if (operator == Operator.ADD) {
                    return frame.unboxed(sum(a, b));
                }
                if (operator == Operator.SUBTRACT) {
                    return frame.unboxed(difference(a, b));
                }
                return frame.unboxed(Failure.noOverload(operator.function, a, b));
            } catch (Failure e) {
                return frame.unboxed(e);
            }
        }
    }

    private static Object sum(Object a, Object b) throws Failure {
        if (a instanceof String left && b instanceof String right) {
            return left.concat(right);
        }
        if (a instanceof List<?> left && b instanceof List<?> right) {
            List<Object> both = new ArrayList<>(left.size() + right.size());
            both.addAll(left);
            both.addAll(right);
            return both;
        }
        if (a instanceof Bytes left && b instanceof Bytes right) {
            byte[] both = Arrays.copyOf(left.array(), left.array().length + right.array().length);
            System.arraycopy(right.array(), 0, both, left.array().length, right.array().length);
            return new Bytes(both);
        }
        if (a instanceof Instant time && b instanceof Duration length) {
            return Times.checked(time.plus(length));
        }
        if (a instanceof Duration length && b instanceof Instant time) {
            return Times.checked(time.plus(length));
        }
        if (a instanceof Duration left && b instanceof Duration right) {
            return Times.checked(left.plus(right));
        }
        throw Failure.noOverload(Operator.ADD.function, a, b);
    }

    private static Object difference(Object a, Object b) throws Failure {
        if (a instanceof Instant left && b instanceof Instant right) {
            return Times.checked(Duration.between(right, left));
        }
        if (a instanceof Instant time && b instanceof Duration length) {
            return Times.checked(time.minus(length));
        }
        if (a instanceof Duration left && b instanceof Duration right) {
            return Times.checked(left.minus(right));
        }
        throw Failure.noOverload(Operator.SUBTRACT.function, a, b);
    }

    /** {@code -a}. */
    static final class Negation extends Node {
        private final Node operand;

        Negation(Node operand) {
            this.operand = operand;
        }

        @Override
        int evaluate(Frame frame) {
            int kind = operand.evaluate(frame);
            return switch (kind) {
                case Kind.ERROR -> kind;
                case Kind.INT -> frame.number == Long.MIN_VALUE ? frame.fail(OVERFLOW) : frame.integer(-frame.number);
                case Kind.DOUBLE -> frame.real(-frame.real);
                default -> frame.fail("no such overload: -_(" + Kind.typeName(kind) + ")");
            };
        }
    }
}
