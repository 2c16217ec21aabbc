package io.millrace.transforms.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One compiled step of an expression; without state of its own, so that every thread can share it. */
abstract class Node {

    /** Leaves the value in the registers of the frame and answers its {@link Kind}. */
    abstract int evaluate(Frame frame);

    /** Evaluates a node that most often is a field, which is called directly and so becomes part of the caller. */
    static int operand(Node node, Frame frame) {
        return node instanceof Fields.Field field ? field.evaluate(frame) : node.evaluate(frame);
    }

    /** Whether recalling its value costs less than evaluating it again. */
    boolean isWorthKeeping() {
        return membership() == null;
    }

    /** Which constants a field must be one of for this to be true; null if that is not all that this asks. */
    @Nullable Membership membership() {
        return null;
    }

    /** Conditions that must each be true for this to be true, and of which one that is false makes this false. */
    List<Node> conjuncts() {
        return List.of(this);
    }

    /** Appends the value as JSON; {@link Kind#ERROR} if there is none, and then what was appended is void. */
    int write(Frame frame, JsonBytes out) {
        return out.value(frame, evaluate(frame));
    }
}
