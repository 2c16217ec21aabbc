package io.millrace.transforms.script.rhino.inside;

import java.util.ArrayList;
import java.util.List;
import org.mozilla.javascript.Token;
import org.mozilla.javascript.ast.Assignment;
import org.mozilla.javascript.ast.AstNode;
import org.mozilla.javascript.ast.AstRoot;
import org.mozilla.javascript.ast.DestructuringForm;
import org.mozilla.javascript.ast.ForInLoop;
import org.mozilla.javascript.ast.FunctionNode;
import org.mozilla.javascript.ast.Name;
import org.mozilla.javascript.ast.NumberLiteral;
import org.mozilla.javascript.ast.ObjectProperty;
import org.mozilla.javascript.ast.UnaryExpression;
import org.mozilla.javascript.ast.VariableDeclaration;
import org.mozilla.javascript.ast.VariableInitializer;

/**
 * Has variables begin anew where they are declared, as ECMAScript has it: in Rhino one without a value keeps what it had in the round of
 * the loop before, and so does one with a default in a pattern. Where that cannot be had, the text has a problem.
 */
final class Rounds {
    private final SourceProblems problems;

    private Rounds(SourceProblems problems) {
        this.problems = problems;
    }

    /** Changes a tree, before it is compiled. */
    static void beginAnew(AstRoot root, SourceProblems problems) {
        Rounds rounds = new Rounds(problems);
        Trees.visit(root, node -> {
            if (node instanceof VariableDeclaration declaration) {
                rounds.begin(declaration);
            } else if (node instanceof Assignment assignment
                    && isPattern(assignment.getLeft())
                    && !isInDeclaration(assignment)) {
                rounds.refuseDefaults(assignment.getLeft(), "where a pattern is assigned to");
            }
            return true;
        });
    }

    private void begin(VariableDeclaration declaration) {
        boolean isHead = declaration.getParent() instanceof ForInLoop loop && loop.getIterator() == declaration;
        List<VariableInitializer> variables = new ArrayList<>();
        for (VariableInitializer variable : declaration.getVariables()) {
            if (isHead) {
                refuseDefaults(variable.getTarget(), "in the head of a loop");
            } else if (isPattern(variable.getTarget())) {
                variables.addAll(resets(variable, declaration.isVar()));
            } else if (declaration.isLet() && variable.getInitializer() == null) {
                variable.setInitializer(nothing());
            }
            variables.add(variable);
        }
        if (variables.size() > declaration.getVariables().size()) {
            declaration.setVariables(variables);
        }
    }

    /** Declarations of the variables of a pattern that has defaults, which stand before the pattern's own. */
    private List<VariableInitializer> resets(VariableInitializer pattern, boolean mayBeUsed) {
        if (defaults(pattern.getTarget()).isEmpty()) {
            return List.of();
        }
        List<Name> names = Trees.names(pattern.getTarget());
        AstNode value = pattern.getInitializer();
        if (mayBeUsed && value != null && names.stream().anyMatch(name -> uses(value, name))) {
            refuseDefaults(pattern.getTarget(), "where the pattern's own variables are in what it takes apart");
        }
        return names.stream().map(Rounds::reset).toList();
    }

    private static VariableInitializer reset(Name name) {
        VariableInitializer reset = new VariableInitializer(name.getPosition());
        reset.setNodeType(Token.LET);
        reset.setTarget(new Name(name.getPosition(), name.getIdentifier()));
        reset.setInitializer(nothing());
        return reset;
    }

    private static AstNode nothing() {
        return new UnaryExpression(Token.VOID, 0, new NumberLiteral(0, "0", 0));
    }

    private static boolean uses(AstNode value, Name variable) {
        return Trees.any(
                value,
                node -> node instanceof Name name
                        && name.getIdentifier().equals(variable.getIdentifier())
                        && !Trees.isNameOfMember(name));
    }

    /** Whether it is a default in the pattern of a declaration or of a parameter. */
    private static boolean isInDeclaration(AstNode node) {
        AstNode below = node;
        AstNode above = node.getParent();
        while (above instanceof ObjectProperty || above instanceof Assignment || isPattern(above)) {
            below = above;
            above = above.getParent();
        }
        return above instanceof VariableInitializer variable && variable.getTarget() == below
                || above instanceof FunctionNode function && function.getBody() != below;
    }

    private void refuseDefaults(AstNode pattern, String where) {
        if (isPattern(pattern)) {
            defaults(pattern).stream()
                    .limit(1)
                    .forEach(one -> problems.add(
                            one.getAbsolutePosition(),
                            "a default must not stand " + where + ": write it as a statement of its own"));
        }
    }

    private static List<AstNode> defaults(AstNode pattern) {
        List<AstNode> defaults = new ArrayList<>();
        Trees.visit(pattern, node -> {
            if (node instanceof Assignment) {
                defaults.add(node);
            }
            return !(node instanceof FunctionNode);
        });
        return defaults;
    }

    private static boolean isPattern(AstNode target) {
        return target instanceof DestructuringForm;
    }
}
