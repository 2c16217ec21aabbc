package io.millrace.transforms.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node that stands in several places and is evaluated once for each event. */
final class Shared extends Node {
    private final Use use;
    private final Node node;
    private final int place;

    /**
     * A node, and whether it looks into the document.
     *
     * @param node the node
     * @param readsDocument whether a document must have been scanned before it is evaluated
     */
    record Use(Node node, boolean readsDocument) {}

    /** Shares a node, whose value is kept at a place of the frame's. */
    Shared(Use first, int place) {
        this.node = first.node();
        this.place = place;
        this.use = new Use(this, first.readsDocument());
    }

    Use use() {
        return use;
    }

    @Override
    int evaluate(Frame frame) {
        Memo memo = frame.memo(place);
        return memo.isOf(frame) ? memo.recall(frame) : memo.keep(frame, node.evaluate(frame));
    }

    @Override
    int write(Frame frame, JsonBytes out) {
        return node.write(frame, out); // which may copy the text of the document instead of its value
    }

    @Override
    @Nullable Membership membership() {
        return node.membership();
    }

    @Override
    List<Node> conjuncts() {
        return node.conjuncts();
    }
}
