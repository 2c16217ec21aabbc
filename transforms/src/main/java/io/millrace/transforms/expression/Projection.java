package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cel.common.CelAbstractSyntaxTree;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object made of one event: either of computed fields, or of the fields that are kept where they were.
 *
 * <p><i>Shape</i>: the fields in the order given. A field copied from the document keeps its exact text. Numbers are written
 * in their shortest form, bytes as base64, timestamps as RFC 3339 and durations as {@code "3.500s"}. A kept field that is
 * missing is left out.
 *
 * <p><i>State</i>: immutable; it travels as its texts and is parsed and checked again where it arrives.
 *
 * <p><i>Fails</i>: {@link ExpressionException} for an expression that does not parse, names something unknown, or gives what
 * JSON cannot hold; for a path that is kept twice or lies inside of another. A result that JSON cannot hold, such as a number
 * that is not finite, is an {@link EvaluationException}.
 */
public final class Projection implements Serializable {
    private static final long serialVersionUID = 1;

    private final LinkedHashMap<String, String> computed;
    private final ArrayList<String> kept;
    private final transient Map<String, Checked> checked;
    private final transient KeptFields tree;

    private Projection(Map<String, String> computed, List<String> kept) {
        this.computed = new LinkedHashMap<>(computed);
        this.kept = new ArrayList<>(kept);
        this.checked = check(this.computed);
        this.tree = KeptFields.of(this.kept);
    }

    /** Output field → the expression of its value, in the order of the map; the language is that of {@link Filter}. */
    public static Projection of(Map<String, String> expressions) {
        if (expressions.isEmpty()) {
            throw new ExpressionException(List.of(new Problem(1, 1, "a projection must have a field")));
        }
        return new Projection(expressions, List.of());
    }

    /** The fields with these paths, such as {@code geo.country}, where they were. */
    public static Projection keeping(List<String> paths) {
        if (paths.isEmpty()) {
            throw new ExpressionException(List.of(new Problem(1, 1, "a projection must keep a field")));
        }
        return new Projection(Map.of(), paths);
    }

    private static Map<String, Checked> check(Map<String, String> expressions) {
        Map<String, Checked> checked = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        expressions.forEach((field, source) -> {
            if (JsonStrings.hasLoneSurrogate(field)) {
                problems.add(new Problem(1, 1, "a field's name must be Unicode text"));
            }
            try {
                checked.put(field, Checker.check(source, Wanted.JSON));
            } catch (ExpressionException e) {
                e.problems()
                        .forEach(problem -> problems.add(
                                new Problem(problem.line(), problem.column(), field + ": " + problem.message())));
            }
        });
        if (!problems.isEmpty()) {
            throw new ExpressionException(problems);
        }
        return checked;
    }

    Stream<CelAbstractSyntaxTree> trees() {
        return checked.values().stream().map(Checked::tree);
    }

    Compiler.Program compile(Path document, Sharing sharing) {
        if (computed.isEmpty()) {
            return new Compiler.Program(tree.compile(document), true, 0);
        }
        List<Node> values = new ArrayList<>();
        boolean readsDocument = false;
        int locals = 0;
        for (Checked expression : checked.values()) {
            Compiler.Program program = Compiler.compile(expression, document, sharing);
            values.add(program.node());
            readsDocument |= program.readsDocument();
            locals = Math.max(locals, program.locals());
        }
        return new Compiler.Program(new ObjectOf(List.copyOf(computed.keySet()), values), readsDocument, locals);
    }

    private Object readResolve() {
        return new Projection(computed, kept);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Projection projection
                && List.copyOf(computed.entrySet()).equals(List.copyOf(projection.computed.entrySet()))
                && kept.equals(projection.kept);
    }

    @Override
    public int hashCode() {
        return Objects.hash(computed, kept);
    }

    @Override
    public String toString() {
        return computed.isEmpty() ? kept.toString() : computed.toString();
    }

    /** An object whose names are known. */
    private static final class ObjectOf extends Node {
        private final byte[][] openings;
        private final Node[] values;

        ObjectOf(List<String> names, List<Node> values) {
            this.openings = new byte[names.size()][];
            this.values = values.toArray(Node[]::new);
            for (int i = 0; i < openings.length; i++) {
                openings[i] = opening(names.get(i));
            }
        }

        @Override
        int evaluate(Frame frame) {
            throw new UnsupportedOperationException("a projection is only written");
        }

        @Override
        int write(Frame frame, JsonBytes out) {
            for (int i = 0; i < values.length; i++) {
                out.put(i == 0 ? '{' : ',');
                out.raw(openings[i]);
                if (values[i].write(frame, out) == Kind.ERROR) {
                    return Kind.ERROR;
                }
            }
            out.put('}');
            return Kind.MAP;
        }
    }

    /** What stands before a field's value: its name and a colon. */
    static byte[] opening(String name) {
        JsonBytes json = new JsonBytes();
        byte[] utf8 = name.getBytes(UTF_8);
        json.string(utf8, 0, utf8.length);
        json.put(':');
        return json.toByteArray();
    }
}
