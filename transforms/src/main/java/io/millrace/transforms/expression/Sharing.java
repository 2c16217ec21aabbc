package io.millrace.transforms.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelComprehension;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the expressions of a plan have in common: a call that stands in several places is one node, which is evaluated once for each
 * event.
 *
 * <p>What stands in the body of a macro's loop is left alone, since it may be another thing each time round.
 */
final class Sharing {
    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<String, Shared> shared = new HashMap<>();

    private Sharing() {}

    /** What nothing has in common with anything. */
    static Sharing none() {
        return new Sharing();
    }

    /** What these expressions have in common. */
    static Sharing of(Stream<CelAbstractSyntaxTree> trees) {
        Sharing sharing = new Sharing();
        trees.forEach(tree -> sharing.count(tree.getExpr()));
        return sharing;
    }

    private void count(CelExpr expression) {
        boolean isAgain = isCall(expression) && uses.merge(text(expression), 1, Integer::sum) > 1;
        if (!isAgain) {
            parts(expression).forEach(this::count);
        }
    }

    private static boolean isCall(CelExpr expression) {
        return expression.getKind() == CelExpr.ExprKind.Kind.CALL
                || expression.getKind() == CelExpr.ExprKind.Kind.COMPREHENSION;
    }

    /** The expressions within an expression, but for the body of a loop. */
    private static Stream<CelExpr> parts(CelExpr expression) {
        return switch (expression.getKind()) {
            case SELECT -> Stream.of(expression.select().operand());
            case CALL -> Stream.concat(expression.call().target().stream(), expression.call().args().stream());
            case LIST -> expression.list().elements().stream();
            case MAP -> expression.map().entries().stream().flatMap(entry -> Stream.of(entry.key(), entry.value()));
            case COMPREHENSION -> Stream.of(expression.comprehension().iterRange());
            default -> Stream.of();
        };
    }

    /** How many nodes are shared: their places are the numbers below. */
    int places() {
        return shared.size();
    }

    /** The node of an expression outside of loops: the one that was made of the same before, or a new one. */
    Shared.Use node(CelExpr expression, Supplier<Shared.Use> compile) {
        if (!isCall(expression)) {
            return compile.get();
        }
        String text = text(expression);
        if (uses.getOrDefault(text, 0) < 2) {
            return compile.get();
        }
        Shared before = shared.get(text);
        if (before != null) {
            return before.use();
        }
        Shared.Use made = compile.get();
        if (!made.node().isWorthKeeping()) {
            return made;
        }
        Shared first = new Shared(made, shared.size());
        shared.put(text, first);
        return first.use();
    }

    /** The same for expressions that are the same, and for no others. */
    private static String text(CelExpr expression) {
        return switch (expression.getKind()) {
            case CONSTANT -> constant(expression.constant());
            case IDENT -> name(expression.ident().name());
            case SELECT ->
                "(" + text(expression.select().operand()) + (expression.select().testOnly() ? "?" : ".")
                        + name(expression.select().field()) + ")";
            case CALL -> name(expression.call().function()) + texts(parts(expression));
            case LIST -> "[" + texts(parts(expression)) + "]";
            case MAP -> "{" + texts(parts(expression)) + "}";
            case COMPREHENSION -> loop(expression.comprehension());
            default -> "#" + expression.id();
        };
    }

    private static String texts(Stream<CelExpr> expressions) {
        return expressions.map(Sharing::text).collect(Collectors.joining(",", "(", ")"));
    }

    private static String loop(CelComprehension loop) {
        return "loop" + name(loop.iterVar()) + name(loop.accuVar())
                + texts(
                        List.of(loop.iterRange(), loop.accuInit(), loop.loopCondition(), loop.loopStep(), loop.result())
                                .stream());
    }

    private static String constant(CelConstant constant) {
        return constant.getKind() + name(constant.toString());
    }

    /** With its length, so that no name ends where another begins. */
    private static String name(String name) {
        return name.length() + ":" + name;
    }
}
