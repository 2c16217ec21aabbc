package io.millrace.transforms.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import java.util.List;

/** Text → a tree with types, or every problem of the text; the language itself comes from {@code dev.cel}. */
final class Checker {
    static final String EVENT = "event";
    static final String KEY = "key";
    static final String HEADERS = "headers";
    static final String TIMESTAMP = "timestamp";

    static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();

    private static final CelCompiler COMPILER = compiler();

    private Checker() {}

    static Checked check(String source, Wanted wanted) {
        CelValidationResult result = COMPILER.compile(source);
        if (result.hasError()) {
            throw new ExpressionException(problems(result));
        }
        Checked checked = new Checked(source, tree(result));
        List<Problem> problems = Compiler.problems(checked, wanted);
        if (!problems.isEmpty()) {
            throw new ExpressionException(problems);
        }
        return checked;
    }

    private static CelCompiler compiler() {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setOptions(OPTIONS)
                .addVar(EVENT, SimpleType.DYN)
                .addVar(KEY, SimpleType.DYN)
                .addVar(HEADERS, MapType.create(SimpleType.STRING, SimpleType.DYN))
                .addVar(TIMESTAMP, SimpleType.TIMESTAMP)
                .addVar("google.protobuf.Timestamp", TypeType.create(SimpleType.TIMESTAMP))
                .addVar("google.protobuf.Duration", TypeType.create(SimpleType.DURATION));
        for (String operator : List.of("_+_", "_-_", "_*_", "_/_")) {
            builder.addFunctionDeclarations(mixedArithmetic(operator));
        }
        return builder.build();
    }

    /** The one addition to the standard: between int and double it is double arithmetic. */
    private static CelFunctionDecl mixedArithmetic(String operator) {
        return CelFunctionDecl.newFunctionDeclaration(
                operator,
                CelOverloadDecl.newGlobalOverload(
                        operator + "int_double", SimpleType.DOUBLE, SimpleType.INT, SimpleType.DOUBLE),
                CelOverloadDecl.newGlobalOverload(
                        operator + "double_int", SimpleType.DOUBLE, SimpleType.DOUBLE, SimpleType.INT));
    }

    private static List<Problem> problems(CelValidationResult result) {
        List<Problem> own = result.getErrors().stream()
                .filter(issue -> !isConsequence(issue))
                .map(Checker::problem)
                .toList();
        return own.isEmpty() ? result.getErrors().stream().map(Checker::problem).toList() : own;
    }

    private static boolean isConsequence(CelIssue issue) {
        return issue.getMessage().contains("*error*");
    }

    private static Problem problem(CelIssue issue) {
        return new Problem(
                Math.max(1, issue.getSourceLocation().getLine()),
                Math.max(0, issue.getSourceLocation().getColumn()) + 1,
                issue.getMessage().replace(" (in container '')", ""));
    }

    private static CelAbstractSyntaxTree tree(CelValidationResult result) {
        try {
            return result.getAst();
        } catch (CelValidationException e) {
            throw new IllegalStateException("an expression without errors has no tree", e);
        }
    }
}
