package io.millrace.transforms.script.rhino.inside;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Token;
import org.mozilla.javascript.ast.Assignment;
import org.mozilla.javascript.ast.AstNode;
import org.mozilla.javascript.ast.AstRoot;
import org.mozilla.javascript.ast.ForInLoop;
import org.mozilla.javascript.ast.ForLoop;
import org.mozilla.javascript.ast.FunctionNode;
import org.mozilla.javascript.ast.Loop;
import org.mozilla.javascript.ast.Name;
import org.mozilla.javascript.ast.Scope;
import org.mozilla.javascript.ast.Symbol;
import org.mozilla.javascript.ast.UpdateExpression;
import org.mozilla.javascript.ast.VariableDeclaration;
import org.mozilla.javascript.ast.VariableInitializer;

/**
 * Gives each round of a loop the variables of the loop's head as its own, as ECMAScript has it, so that a function that is made in a round
 * keeps what it saw there. In Rhino all rounds share them. Where a round may not just have a copy, the text has a problem.
 */
final class LoopVariables {
    private final SourceProblems problems;

    private LoopVariables(SourceProblems problems) {
        this.problems = problems;
    }

    /** Changes a tree, before it is compiled. */
    static void separate(AstRoot root, SourceProblems problems) {
        LoopVariables variables = new LoopVariables(problems);
        Trees.visit(root, node -> {
            if (node instanceof Loop loop) {
                variables.separate(loop);
            }
            return true;
        });
    }

    private void separate(Loop loop) {
        List<String> kept =
                variables(loop).stream().filter(name -> isKept(loop, name)).toList();
        if (kept.isEmpty()) {
            return;
        }
        if (loop instanceof ForLoop counting) {
            kept.forEach(name -> checkRoundsMayHaveCopies(counting, name));
        }
        copyIntoRounds(loop, kept);
    }

    /** Those declared by let or const in the head, or in a body without braces. */
    private static Set<String> variables(Loop loop) {
        Map<String, Symbol> symbols = loop.getSymbolTable();
        Set<String> variables = new LinkedHashSet<>(symbols == null ? Set.of() : symbols.keySet());
        if (head(loop) instanceof VariableDeclaration declaration && declaration.isLet()) {
            declaration
                    .getVariables()
                    .forEach(one -> Trees.names(one.getTarget()).forEach(name -> variables.add(name.getIdentifier())));
        }
        return variables;
    }

    /** Names in patterns become symbols only later. */
    private static @Nullable AstNode head(Loop loop) {
        return loop instanceof ForInLoop each
                ? each.getIterator()
                : loop instanceof ForLoop counting ? counting.getInitializer() : null;
    }

    private static boolean isKept(Loop loop, String variable) {
        return Trees.any(loop, node -> isUse(node, loop, variable) && isInFunction(node, loop));
    }

    private static boolean isInFunction(AstNode node, Loop loop) {
        for (AstNode above = node; above != null && above != loop; above = above.getParent()) {
            if (above instanceof FunctionNode) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUse(@Nullable AstNode node, Loop loop, String variable) {
        return node instanceof Name name
                && name.getIdentifier().equals(variable)
                && !Trees.isNameOfMember(name)
                && !isDeclaredBelow(name, loop);
    }

    private static boolean isDeclaredBelow(Name name, Loop loop) {
        for (AstNode above = name.getParent(); above != null && above != loop; above = above.getParent()) {
            if (above instanceof Scope scope && scope.getSymbol(name.getIdentifier()) != null) {
                return true;
            }
        }
        return false;
    }

    /** What a round changes would have to be in the next one as well. */
    private void checkRoundsMayHaveCopies(ForLoop loop, String variable) {
        List<AstNode> head = List.of(loop.getInitializer(), loop.getCondition(), loop.getIncrement());
        for (AstNode part : head) {
            refuse(part, node -> isUse(node, loop, variable) && isInFunction(node, loop), variable);
        }
        refuse(loop.getBody(), node -> isChange(node, loop, variable), variable);
    }

    private void refuse(AstNode part, Predicate<AstNode> wrong, String variable) {
        Trees.find(part, wrong)
                .ifPresent(node -> problems.add(
                        node.getAbsolutePosition(),
                        "variable " + variable
                                + " of a loop must be changed in its head alone, and used by no function there, where a"
                                + " function in the loop uses it: give the function a const of the body"));
    }

    private static boolean isChange(AstNode node, Loop loop, String variable) {
        if (node instanceof Assignment assignment) {
            return assigns(assignment.getLeft(), loop, variable);
        }
        return node instanceof UpdateExpression update && isUse(update.getOperand(), loop, variable)
                || node instanceof ForInLoop inner && assigns(inner.getIterator(), loop, variable);
    }

    private static boolean assigns(AstNode target, Loop loop, String variable) {
        return !(target instanceof VariableDeclaration)
                && Trees.names(target).stream().anyMatch(name -> isUse(name, loop, variable));
    }

    /** The body becomes {@code {let copy = variable; {let variable = copy; body}}}; {@code copy} is no name that a script can have. */
    private static void copyIntoRounds(Loop loop, List<String> variables) {
        AstNode body = loop.getBody();
        Scope copies = scope(body, loop);
        Scope round = scope(body, copies);
        for (String variable : variables) {
            declare(copies, copy(variable), variable);
            declare(round, variable, copy(variable));
        }
        List<Scope> below = new ArrayList<>();
        Trees.visit(body, node -> {
            if (node instanceof Scope scope && scope.getParentScope() == loop) {
                below.add(scope);
            }
            return true;
        });
        below.forEach(scope -> scope.setParentScope(round));
        loop.setBody(copies);
        copies.addChild(round);
        round.addChild(body);
    }

    private static Scope scope(AstNode body, Scope parent) {
        Scope scope = new Scope(body.getPosition(), body.getLength());
        scope.setLineColumnNumber(body.getLineno(), body.getColumn());
        parent.addChildScope(scope);
        return scope;
    }

    private static String copy(String variable) {
        return variable + " of round";
    }

    private static void declare(Scope scope, String variable, String value) {
        scope.putSymbol(new Symbol(Token.LET, variable));
        VariableInitializer initializer = new VariableInitializer(scope.getPosition());
        initializer.setNodeType(Token.LET);
        initializer.setTarget(name(scope, variable));
        initializer.setInitializer(name(scope, value));
        VariableDeclaration declaration = new VariableDeclaration(scope.getPosition());
        declaration.setType(Token.LET);
        declaration.setIsStatement(true);
        declaration.setLineColumnNumber(scope.getLineno(), scope.getColumn());
        declaration.addVariable(initializer);
        scope.addChild(declaration);
    }

    private static Name name(Scope scope, String identifier) {
        return new Name(scope.getPosition(), identifier);
    }
}
