package io.millrace.transforms.expression;

import java.util.List;

/** A standard function in plain Java: boxed values in, a boxed value out, always the same for the same arguments. */
@FunctionalInterface
interface Function {
    Object apply(Object[] arguments) throws Failure;

    /** A call of a function. */
    final class Call extends Node {
        private final Function function;
        private final Node[] arguments;

        Call(Function function, List<Node> arguments) {
            this.function = function;
            this.arguments = arguments.toArray(Node[]::new);
        }

        @Override
        int evaluate(Frame frame) {
            Object[] values = new Object[arguments.length];
            for (int i = 0; i < values.length; i++) {
                int kind = arguments[i].evaluate(frame);
                if (kind == Kind.ERROR) {
                    return kind;
                }
                values[i] = frame.boxed(kind);
            }
            try {
                return frame.unboxed(function.apply(values));
            } catch (Failure e) {
                return frame.unboxed(e);
            }
        }
    }
}
