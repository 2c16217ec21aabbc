package io.millrace.transforms.script.rhino.inside;

import org.mozilla.javascript.ast.AstNode;
import org.mozilla.javascript.ast.CatchClause;
import org.mozilla.javascript.ast.NodeVisitor;

/** Goes through parsed texts. */
final class Trees {
    private Trees() {}

    /** Visits a node and what is below it; Rhino's own way does not get past a {@code catch} that names nothing. */
    static void visit(AstNode root, NodeVisitor visitor) {
        root.visit(new NodeVisitor() {
            @Override
            public boolean visit(AstNode node) {
                boolean deeper = visitor.visit(node);
                if (deeper && node instanceof CatchClause clause && clause.getVarName() == null) {
                    clause.getBody().visit(this);
                    return false;
                }
                return deeper;
            }
        });
    }
}
