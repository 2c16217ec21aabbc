package io.millrace.transforms.script.rhino.inside;

import org.mozilla.javascript.ast.AstNode;
import org.mozilla.javascript.ast.AstRoot;

/** How deep a script's text may be nested. */
final class Nesting {
    /** A sum of so many terms is as deep. */
    private static final int DEEPEST = 1_000;

    private Nesting() {}

    static void check(AstRoot root, SourceProblems problems) {
        Trees.visit(root, node -> {
            boolean tooDeep = depth(node) > DEEPEST;
            if (tooDeep) {
                problems.add(
                        node.getAbsolutePosition(),
                        "functions, blocks and operators must be nested at most " + DEEPEST + " deep");
            }
            return !tooDeep;
        });
    }

    private static int depth(AstNode node) {
        int depth = 0;
        for (AstNode above = node.getParent(); above != null; above = above.getParent()) {
            depth++;
        }
        return depth;
    }
}
