package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Value.Kind;
import io.millrace.devinterface.spec.Value.Scalar;
import io.millrace.transforms.expression.ExpressionException;
import io.millrace.transforms.expression.Problem;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is written as one scalar.
 *
 * @param noun what it is, with its article
 * @param kinds how it may be written
 * @param meaning makes it from the text; an {@code IllegalArgumentException} says what is wrong with that
 * @param writing turns it into a text, a number or a boolean
 * @param schema its JSON Schema
 */
record ScalarForm<T>(
        String noun,
        Set<Kind> kinds,
        Function<String, T> meaning,
        Function<T, Object> writing,
        Map<String, Object> schema)
        implements Form<T> {

    @Override
    public @Nullable T read(Value value, String path, Reading reading) {
        if (value instanceof Scalar scalar && kinds.contains(scalar.kind())) {
            return meaning(scalar, path, reading);
        }
        reading.problem(path, value.at(), "must be " + noun + ", but was " + value.described());
        return null;
    }

    private @Nullable T meaning(Scalar scalar, String path, Reading reading) {
        try {
            T made = meaning.apply(scalar.text());
            reading.made(path, scalar.at(), made);
            return made;
        } catch (ExpressionException e) {
            e.problems().forEach(problem -> reading.problem(path, scalar.at(), said(problem)));
        } catch (IllegalArgumentException e) {
            reading.problem(path, scalar.at(), String.valueOf(e.getMessage()));
        }
        return null;
    }

    /** What is wrong with an expression, and where in its own text. */
    static String said(Problem problem) {
        return "line " + problem.line() + ", column " + problem.column() + ": " + problem.message();
    }

    @Override
    public Object plain(T value) {
        return writing.apply(value);
    }

    @Override
    public String type() {
        return noun.replaceFirst("^an? ", "");
    }
}
