package io.millrace.devinterface.spec;

import static java.util.stream.Collectors.joining;

import io.millrace.devinterface.spec.Value.Items;
import io.millrace.transforms.expression.ExpressionException;
import io.millrace.transforms.expression.Problem;
import io.millrace.transforms.expression.Projection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A projection: a mapping of output field to expression, or a list of fields to keep. */
final class ProjectForm implements Form<ProjectSpec> {
    private static final String FIELD = "field";
    private static final Form<List<String>> KEPT = new ListForm<>(Scalars.TEXT, false);
    private static final Form<Map<String, String>> COMPUTED =
            new MapForm<>(Scalars.TEXT, Scalars.expression(ProjectForm::checked, source -> source));

    @Override
    public @Nullable ProjectSpec read(Value value, String path, Reading reading) {
        ProjectSpec project = value instanceof Items ? kept(value, path, reading) : computed(value, path, reading);
        return project == null || fails(project, value, path, reading) ? null : project;
    }

    private static @Nullable ProjectSpec kept(Value value, String path, Reading reading) {
        List<String> kept = KEPT.read(value, path, reading);
        return kept == null ? null : new ProjectSpec(Map.of(), kept);
    }

    private static @Nullable ProjectSpec computed(Value value, String path, Reading reading) {
        Map<String, String> computed = COMPUTED.read(value, path, reading);
        return computed == null ? null : new ProjectSpec(computed, List.of());
    }

    private static boolean fails(ProjectSpec project, Value value, String path, Reading reading) {
        try {
            project.projection();
            return false;
        } catch (ExpressionException e) {
            e.problems().forEach(problem -> reading.problem(path, value.at(), problem.message()));
            return true;
        }
    }

    private static String checked(String source) {
        try {
            Projection.of(Map.of(FIELD, source));
            return source;
        } catch (ExpressionException e) {
            throw new IllegalArgumentException(
                    e.problems().stream().map(ProjectForm::ofOneField).collect(joining("; ")), e);
        }
    }

    private static String ofOneField(Problem problem) {
        String message = problem.message();
        return ScalarForm.said(new Problem(
                problem.line(),
                problem.column(),
                message.startsWith(FIELD + ": ") ? message.substring(FIELD.length() + 2) : message));
    }

    @Override
    public Object plain(ProjectSpec project) {
        return project.kept().isEmpty() ? COMPUTED.plain(project.computed()) : KEPT.plain(project.kept());
    }

    @Override
    public Map<String, Object> schema() {
        return Plain.map(
                "oneOf",
                List.of(Plain.with(COMPUTED.schema(), "minProperties", 1L), Plain.with(KEPT.schema(), "minItems", 1L)));
    }

    @Override
    public String type() {
        return "mapping or list";
    }
}
