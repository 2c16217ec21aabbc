package io.millrace.transforms.script.rhino.inside;

import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptFunction;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Token;
import org.mozilla.javascript.ast.ArrayLiteral;
import org.mozilla.javascript.ast.AstNode;
import org.mozilla.javascript.ast.AstRoot;
import org.mozilla.javascript.ast.BigIntLiteral;
import org.mozilla.javascript.ast.ExpressionStatement;
import org.mozilla.javascript.ast.FunctionNode;
import org.mozilla.javascript.ast.KeywordLiteral;
import org.mozilla.javascript.ast.Name;
import org.mozilla.javascript.ast.NumberLiteral;
import org.mozilla.javascript.ast.ObjectLiteral;
import org.mozilla.javascript.ast.ParenthesizedExpression;
import org.mozilla.javascript.ast.RegExpLiteral;
import org.mozilla.javascript.ast.ReturnStatement;
import org.mozilla.javascript.ast.StringLiteral;
import org.mozilla.javascript.ast.TemplateLiteral;
import org.mozilla.javascript.ast.ThrowStatement;
import org.mozilla.javascript.ast.VariableDeclaration;
import org.mozilla.javascript.ast.VariableInitializer;

/** Finds by a script's parsed text what can never be right: results of a wrong type, and numbers that JSON does not have. */
final class ResultTypes {
    private final Script script;
    private final SourceProblems problems;

    private ResultTypes(Script script, SourceProblems problems) {
        this.script = script;
        this.problems = problems;
    }

    static void check(Script script, AstRoot root, SourceProblems problems) {
        new ResultTypes(script, problems).check(root);
    }

    private void check(AstRoot root) {
        Trees.visit(root, node -> {
            if (node instanceof BigIntLiteral) {
                problems.add(node.getAbsolutePosition(), "a BigInt must not be used");
            } else if (node instanceof RegExpLiteral expression) {
                check(expression);
            }
            return true;
        });
        Map<ScriptFunction, List<FunctionNode>> definitions = new EnumMap<>(ScriptFunction.class);
        root.getStatements().forEach(statement -> define(statement, definitions));
        definitions.forEach((function, nodes) -> {
            if (nodes.size() == 1 && (script.function() == null || script.function() == function)) {
                check(function, nodes.get(0));
            }
        });
    }

    private void check(RegExpLiteral expression) {
        Context context = Context.getCurrentContext();
        try {
            ScriptRuntime.checkRegExpProxy(context)
                    .compileRegExp(context, expression.getValue(), expression.getFlags());
        } catch (RhinoException e) {
            problems.add(
                    expression.getAbsolutePosition(),
                    "the regular expression is wrong: " + Thrown.text(e).strip());
        }
    }

    private static void define(AstNode statement, Map<ScriptFunction, List<FunctionNode>> definitions) {
        if (statement instanceof FunctionNode function) {
            define(function.getName(), function, definitions);
        } else if (statement instanceof VariableDeclaration declaration) {
            for (VariableInitializer variable : declaration.getVariables()) {
                if (variable.getTarget() instanceof Name name
                        && variable.getInitializer() instanceof FunctionNode function) {
                    define(name.getIdentifier(), function, definitions);
                }
            }
        }
    }

    private static void define(String name, FunctionNode node, Map<ScriptFunction, List<FunctionNode>> definitions) {
        ScriptFunction.named(name)
                .ifPresent(function -> definitions
                        .computeIfAbsent(function, one -> new ArrayList<>())
                        .add(node));
    }

    private void check(ScriptFunction function, FunctionNode node) {
        List<ReturnStatement> returns = new ArrayList<>();
        boolean[] throwing = new boolean[1];
        Trees.visit(node.getBody(), inner -> {
            if (inner instanceof ReturnStatement one) {
                returns.add(one);
            }
            throwing[0] |= inner instanceof ThrowStatement;
            return !(inner instanceof FunctionNode);
        });
        boolean any = false;
        for (ReturnStatement one : returns) {
            AstNode value = one.getReturnValue();
            if (value != null) {
                any = true;
                checkValue(function, value);
            }
        }
        if (node.getBody() instanceof ExpressionStatement expression) {
            any = true;
            checkValue(function, expression.getExpression());
        }
        if (!any && !throwing[0]) {
            problems.add(
                    node.getAbsolutePosition(),
                    function.text() + " must return " + wanted(function) + ", but returns nothing");
        }
    }

    private void checkValue(ScriptFunction function, AstNode value) {
        AstNode bare = value;
        while (bare instanceof ParenthesizedExpression parentheses) {
            bare = parentheses.getExpression();
        }
        String type = type(bare);
        if (type != null && !type.equals(literal(function))) {
            problems.add(
                    bare.getAbsolutePosition(),
                    function.text() + " must return " + wanted(function) + ", but returns " + type);
        }
    }

    private static String literal(ScriptFunction function) {
        return switch (function) {
            case FILTER -> "a boolean";
            case MAP -> "an object";
            case FLAT_MAP -> "an array";
        };
    }

    /** What a function has to return, for messages. */
    static String wanted(ScriptFunction function) {
        return switch (function) {
            case FILTER -> "true or false";
            case MAP -> "an object";
            case FLAT_MAP -> "an array of objects";
        };
    }

    /** The type of a value that is there in the text, or null. */
    private static @Nullable String type(AstNode value) {
        if (value instanceof ObjectLiteral) {
            return "an object";
        }
        if (value instanceof ArrayLiteral) {
            return "an array";
        }
        if (value instanceof StringLiteral || value instanceof TemplateLiteral) {
            return "a string";
        }
        if (value instanceof NumberLiteral) {
            return "a number";
        }
        if (value instanceof FunctionNode) {
            return "a function";
        }
        if (value instanceof RegExpLiteral) {
            return "a regular expression";
        }
        if (value instanceof KeywordLiteral) {
            return switch (value.getType()) {
                case Token.NULL -> "null";
                case Token.UNDEFINED -> "undefined";
                case Token.TRUE, Token.FALSE -> "a boolean";
                default -> null;
            };
        }
        return null;
    }
}
