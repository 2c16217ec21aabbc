package io.millrace.transforms.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Several expressions, of one route or of many, compiled together: one scan of a document notes what any of them reads.
 *
 * <p><i>State</i>: immutable and shared by threads; each takes an {@link Evaluator} of its own. It travels as the texts of
 * its expressions and is compiled again where it arrives.
 */
public final class Plan implements Serializable {
    private static final long serialVersionUID = 1;

    private final List<Serializable> expressions;
    private final List<String> fields;
    private final transient Path document;
    private final transient List<Path> fieldPaths;
    private final transient List<FieldBytes> fieldTexts;
    private final transient Sharing sharing;
    private final transient Compiler.Program[] programs;
    private final transient int size;

    private Plan(List<Serializable> expressions, List<String> fields) {
        this.expressions = new ArrayList<>(expressions);
        this.fields = new ArrayList<>(fields);
        this.document = Path.document();
        this.fieldPaths = fields.stream().map(document::child).toList();
        this.fieldTexts = fields.stream().map(FieldBytes::new).toList();
        this.sharing = Sharing.of(expressions.stream().flatMap(Plan::trees));
        this.programs = expressions.stream().map(this::compile).toArray(Compiler.Program[]::new);
        this.size = document.number(0);
    }

    private Compiler.Program compile(Serializable expression) {
        return expression instanceof Expression single
                ? Compiler.compile(single.checked(), document, sharing)
                : ((Projection) expression).compile(document, sharing);
    }

    private static Stream<CelAbstractSyntaxTree> trees(Serializable expression) {
        return expression instanceof Expression single
                ? Stream.of(single.checked().tree())
                : ((Projection) expression).trees();
    }

    /** A plan without expressions, to which they are added. */
    public static Builder builder() {
        return new Builder();
    }

    /** Something that evaluates this plan, for one thread. */
    public Evaluator evaluator() {
        int locals = 0;
        for (Compiler.Program program : programs) {
            locals = Math.max(locals, program.locals());
        }
        return new Evaluator(this, new Slots(size), locals, sharedNodes());
    }

    /** The selection of some of its filters, which are known in it by their positions; null is one that takes every event. */
    public Selection selection(List<@Nullable Handle<Filter>> filters) {
        return Selection.of(this, filters);
    }

    Path document() {
        return document;
    }

    /** How many calls stand in several places and are evaluated once for all of them. */
    public int sharedNodes() {
        return sharing.places();
    }

    Compiler.Program program(Handle<?> handle) {
        return programs[handle.index()];
    }

    Path fieldPath(Handle<DocumentField> field) {
        return fieldPaths.get(field.index());
    }

    FieldBytes fieldText(Handle<DocumentField> field) {
        return fieldTexts.get(field.index());
    }

    private Object readResolve() {
        return new Plan(expressions, fields);
    }

    /** Collects the expressions of a plan. */
    public static final class Builder {
        private final List<Serializable> expressions = new ArrayList<>();
        private final List<String> fields = new ArrayList<>();

        private Builder() {}

        /** Adds a filter. */
        public Handle<Filter> add(Filter filter) {
            return adding(filter);
        }

        /** Adds a projection. */
        public Handle<Projection> add(Projection projection) {
            return adding(projection);
        }

        /** Adds an expression for text. */
        public Handle<TextExpression> add(TextExpression text) {
            return adding(text);
        }

        /** Adds an expression for a time. */
        public Handle<TimeExpression> add(TimeExpression time) {
            return adding(time);
        }

        /** Adds a field of the document's top level, which is to be set by {@link Evaluator#set}. */
        public Handle<DocumentField> addField(String name) {
            fields.add(name);
            return new Handle<>(fields.size() - 1);
        }

        private <E extends Serializable> Handle<E> adding(E expression) {
            expressions.add(expression);
            return new Handle<>(expressions.size() - 1);
        }

        /** The plan of all that was added. */
        public Plan build() {
            return new Plan(expressions, fields);
        }
    }
}
