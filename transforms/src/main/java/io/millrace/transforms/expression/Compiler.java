package io.millrace.transforms.expression;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.CelMap;
import dev.cel.common.ast.CelExpr.CelSelect;
import dev.cel.common.types.CelType;
import dev.cel.common.types.TypeType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns one checked tree into nodes, and enters the places of the document that it refers to into the trie of its plan.
 * What is known beforehand is computed here: constants, patterns, calls whose arguments are constant.
 */
final class Compiler {
    private static final int LARGEST_CONSTANT_INDEX = 1023;
    /** The variable in which a macro's loop keeps its result; no user can write this name. */
    private static final String RESULT = "@result";

    private static final Frame NO_EVENT = new Frame(new Slots(1), 0);

    private final CelAbstractSyntaxTree tree;
    private final Path document;
    private final Sharing sharing;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, List<Node>> variables = new HashMap<>();
    private int locals;
    private int loops;
    private boolean readsDocument;

    private Compiler(Checked checked, Path document, Sharing sharing) {
        this.tree = checked.tree();
        this.document = document;
        this.sharing = sharing;
    }

    /** An expression ready to be evaluated. */
    record Program(Node node, boolean readsDocument, int locals) {}

    static Program compile(Checked checked, Path document, Sharing sharing) {
        Compiler compiler = new Compiler(checked, document, sharing);
        Node node = compiler.node(checked.tree().getExpr());
        return new Program(node, compiler.readsDocument, compiler.locals);
    }

    /** What is wrong with an expression although its types agree. */
    static List<Problem> problems(Checked checked, Wanted wanted) {
        Compiler compiler = new Compiler(checked, Path.document(), Sharing.none());
        compiler.node(checked.tree().getExpr());
        CelType type = checked.tree().getResultType();
        if (!wanted.admits(type)) {
            compiler.problem(checked.tree().getExpr(), "must be " + wanted.description() + ", but was " + type.name());
        }
        return compiler.problems;
    }

    private Node problem(CelExpr expression, String message) {
        CelSourceLocation at =
                tree.getSource().getOffsetLocation(offset(expression)).orElse(CelSourceLocation.of(1, 0));
        problems.add(new Problem(at.getLine(), at.getColumn() + 1, message));
        return new Constant(new Failure(message));
    }

    private int offset(CelExpr expression) {
        return tree.getSource().getPositionsMap().getOrDefault(expression.id(), 0);
    }

    private Node node(CelExpr expression) {
        return loops > 0 ? own(expression) : shared(expression);
    }

    private Node shared(CelExpr expression) {
        boolean read = readsDocument;
        Shared.Use use = sharing.node(expression, () -> {
            readsDocument = false;
            return new Shared.Use(own(expression), readsDocument);
        });
        readsDocument = read || use.readsDocument();
        return use.node();
    }

    private Node own(CelExpr expression) {
        return switch (expression.exprKind().getKind()) {
            case CONSTANT -> new Constant(constant(expression.constant()));
            case IDENT -> identifier(expression, expression.ident().name());
            case SELECT -> select(expression);
            case CALL -> call(expression, expression.call());
            case LIST -> list(expression.list().elements());
            case MAP -> map(expression.map());
            case COMPREHENSION -> fold(expression.comprehension());
            case STRUCT -> problem(expression, "messages cannot be made, only maps");
            case NOT_SET -> problem(expression, "nothing to evaluate");
        };
    }

    private static Object constant(CelConstant constant) {
        return switch (constant.getKind()) {
            case NULL_VALUE -> Null.NULL;
            case BOOLEAN_VALUE -> constant.booleanValue();
            case INT64_VALUE -> constant.int64Value();
            case UINT64_VALUE -> unsigned(constant.uint64Value());
            case DOUBLE_VALUE -> constant.doubleValue();
            case STRING_VALUE -> constant.stringValue();
            case BYTES_VALUE -> new Bytes(constant.bytesValue().toByteArray());
            default -> throw new IllegalStateException("a literal of kind " + constant.getKind());
        };
    }

    private static Unsigned unsigned(UnsignedLong value) {
        return new Unsigned(value.longValue());
    }

    private Node identifier(CelExpr expression, String name) {
        List<Node> nested = variables.getOrDefault(name, List.of());
        if (!nested.isEmpty()) {
            return nested.get(nested.size() - 1);
        }
        return switch (name.startsWith(".") ? name.substring(1) : name) {
            case Checker.EVENT -> {
                readsDocument = true;
                yield new Fields.Field(document);
            }
            case Checker.KEY -> new Fields.Key();
            case Checker.HEADERS -> new Fields.AllHeaders();
            case Checker.TIMESTAMP -> new Fields.Timestamp();
            case "dyn" -> problem(expression, "'dyn' is no type of a value");
            default -> type(expression).orElseGet(() -> problem(expression, "undeclared reference to '" + name + "'"));
        };
    }

    /** A type by its name is a value. */
    private Optional<Node> type(CelExpr expression) {
        return tree.getType(expression.id())
                .filter(TypeType.class::isInstance)
                .map(type -> new Constant(new TypeName(((TypeType) type).containingTypeName())));
    }

    private Node select(CelExpr expression) {
        CelSelect select = expression.select();
        boolean isQualifiedName = tree.getReference(expression.id()).isPresent();
        if (isQualifiedName) {
            return type(expression).orElseGet(() -> problem(expression, "undeclared reference"));
        }
        Node operand = node(select.operand());
        if (operand instanceof Fields.AllHeaders) {
            return new Fields.Header(select.field(), select.testOnly());
        }
        if (operand instanceof Fields.Field container) {
            Path path = container.path().child(select.field());
            return select.testOnly() ? new Fields.HasField(path, container.path()) : new Fields.Field(path);
        }
        return new Fields.Member(operand, select.field(), select.testOnly());
    }

    private Node call(CelExpr expression, CelCall call) {
        if (isGrowth(call)) {
            return append(call);
        }
        List<Node> arguments = new ArrayList<>();
        call.target().ifPresent(target -> arguments.add(node(target)));
        call.args().forEach(argument -> arguments.add(node(argument)));
        Node first = arguments.get(0);
        return switch (call.function()) {
            case "_&&_" -> Logic.Junction.and(first, arguments.get(1));
            case "_||_" -> Logic.Junction.or(first, arguments.get(1));
            case "!_" -> new Logic.Not(first);
            case "_?_:_" -> new Logic.Conditional(first, arguments.get(1), arguments.get(2));
            case "@not_strictly_false", "__not_strictly_false__" -> new Logic.NotStrictlyFalse(first);
            case "_==_" -> new Comparisons.Equal(first, arguments.get(1), true);
            case "_!=_" -> new Comparisons.Equal(first, arguments.get(1), false);
            case "_<_" -> new Comparisons.Ordered(first, arguments.get(1), Comparisons.Order.LESS);
            case "_<=_" -> new Comparisons.Ordered(first, arguments.get(1), Comparisons.Order.LESS_OR_EQUAL);
            case "_>_" -> new Comparisons.Ordered(first, arguments.get(1), Comparisons.Order.GREATER);
            case "_>=_" -> new Comparisons.Ordered(first, arguments.get(1), Comparisons.Order.GREATER_OR_EQUAL);
            case "@in" -> in(first, arguments.get(1));
            case "_[_]" -> index(first, arguments.get(1));
            case "-_" -> folded(new Arithmetic.Negation(first), arguments);
            case "_+_", "_-_", "_*_", "_/_", "_%_" -> arithmetic(call.function(), arguments);
            case "size" -> folded(new Functions.Size(first), arguments);
            case "startsWith" -> contains(arguments, Strings.Where.START, call.function());
            case "endsWith" -> contains(arguments, Strings.Where.END, call.function());
            case "contains" -> contains(arguments, Strings.Where.ANYWHERE, call.function());
            case "matches" -> matches(call, arguments);
            default -> function(expression, call.function(), arguments);
        };
    }

    /** {@code @result + [a]}, which only the macros {@code map} and {@code filter} make. */
    private static boolean isGrowth(CelCall call) {
        return call.function().equals("_+_")
                && call.args().get(0).identOrDefault().name().equals(RESULT)
                && call.args().get(1).getKind() == CelExpr.ExprKind.Kind.LIST;
    }

    private Node append(CelCall call) {
        return new Collections.Append(
                node(call.args().get(0)),
                node(call.args().get(1).list().elements().get(0)));
    }

    private Node arithmetic(String function, List<Node> arguments) {
        return folded(
                new Arithmetic.Binary(arguments.get(0), arguments.get(1), Arithmetic.Operator.of(function)), arguments);
    }

    private static Node in(Node element, Node container) {
        Node general = new Comparisons.In(element, container);
        if (container instanceof Fields.Field field
                && element instanceof Constant constant
                && constant.value() instanceof String name) {
            return new Fields.NamesField(field.path(), field.path().child(name), general);
        }
        return container instanceof Constant constant && constant.value() instanceof List<?> list
                ? new Comparisons.InConstants(element, new ConstantSet(list))
                : general;
    }

    private static Node index(Node value, Node index) {
        Object constant = index instanceof Constant known ? known.value() : Null.NULL;
        if (value instanceof Fields.AllHeaders && constant instanceof String name) {
            return new Fields.Header(name, false);
        }
        if (value instanceof Fields.Field field && constant instanceof String name) {
            return new Fields.Field(field.path().child(name));
        }
        if (value instanceof Fields.Field field
                && constant instanceof Long position
                && position >= 0
                && position <= LARGEST_CONSTANT_INDEX) {
            return new Fields.Field(field.path().child(position.intValue()));
        }
        return folded(new Fields.Index(value, index), List.of(value, index));
    }

    private static Node contains(List<Node> arguments, Strings.Where where, String function) {
        if (arguments.get(1) instanceof Constant part && part.value() instanceof String) {
            return folded(new Strings.Contains(arguments.get(0), part.utf8(), where), arguments);
        }
        Function general = Functions.named(function);
        if (general == null) {
            throw new IllegalStateException("no function " + function);
        }
        return new Function.Call(general, arguments);
    }

    private Node matches(CelCall call, List<Node> arguments) {
        if (arguments.get(1) instanceof Constant pattern && pattern.value() instanceof String text) {
            try {
                return folded(new Functions.Matches(arguments.get(0), Patterns.compile(text)), arguments);
            } catch (Failure e) {
                return problem(call.args().get(call.args().size() - 1), e.reason());
            }
        }
        return function(call.args().get(0), "matches", arguments);
    }

    private Node function(CelExpr expression, String name, List<Node> arguments) {
        Function function = Functions.named(name);
        return function == null
                ? problem(expression, "the function '" + name + "' is not supported")
                : folded(new Function.Call(function, arguments), arguments);
    }

    /** The node's value, if its arguments are constant. */
    private static Node folded(Node node, List<Node> arguments) {
        if (!arguments.stream().allMatch(Constant.class::isInstance)) {
            return node;
        }
        synchronized (NO_EVENT) {
            int kind = node.evaluate(NO_EVENT);
            return new Constant(kind == Kind.ERROR ? new Failure(NO_EVENT.error) : NO_EVENT.boxed(kind));
        }
    }

    private Node list(ImmutableList<CelExpr> elements) {
        List<Node> nodes = elements.stream().map(this::node).toList();
        return folded(new Collections.ListOf(nodes), nodes);
    }

    private Node map(CelMap map) {
        List<Node> keys = new ArrayList<>();
        List<Node> values = new ArrayList<>();
        for (CelMap.Entry entry : map.entries()) {
            keys.add(node(entry.key()));
            values.add(node(entry.value()));
        }
        List<Node> all = new ArrayList<>(keys);
        all.addAll(values);
        return folded(new Collections.MapOf(keys, values), all);
    }

    private Node fold(CelComprehension fold) {
        Node range = node(fold.iterRange());
        boolean collects = fold.accuInit().exprKind().getKind() == CelExpr.ExprKind.Kind.LIST;
        Node start = collects ? new Collections.Collected() : node(fold.accuInit());
        Fields.Local element = new Fields.Local(locals++);
        Fields.Local result = new Fields.Local(locals++);
        push(fold.accuVar(), result);
        push(fold.iterVar(), element);
        loops++;
        Node goesOn = node(fold.loopCondition());
        Node step = node(fold.loopStep());
        pop(fold.iterVar());
        Node outcome = node(fold.result());
        pop(fold.accuVar());
        loops--;
        return new Collections.Fold(range, element.position(), result.position(), start, goesOn, step, outcome);
    }

    private void push(String name, Node variable) {
        variables.computeIfAbsent(name, key -> new ArrayList<>()).add(variable);
    }

    private void pop(String name) {
        List<Node> nested = variables.getOrDefault(name, List.of());
        nested.remove(nested.size() - 1);
    }
}
