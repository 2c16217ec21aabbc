package io.millrace.devinterface.spec;

import static java.util.stream.Collectors.joining;

import io.millrace.io.sink.SinkProvider;
import java.util.Map;
import java.util.Optional;

/** The reference of a router's spec in Markdown: for each key its type, default, meaning and an example. */
public final class SpecReference {
    private static final String INTRODUCTION = """
            <!-- Made from the records of the spec; a test fails when this copy is stale, and says how to make it anew. -->

            # A router's spec

            YAML 1.2 or JSON. A key is required unless it is optional or has a default. A duration is ISO 8601, such as
            `PT10S` or `PT1H30M`. An expression is in the Common Expression Language over `event`, `key`, `headers` and
            `timestamp`; one that is a number or a boolean needs no quotes.
            """;

    private static final String SINKS = """

            ## Sinks

            A sink is its name with its settings, such as `{none: {}}`; where it needs no settings, the name alone will do.
            """;

    private final Forms forms;
    private final StringBuilder markdown = new StringBuilder(INTRODUCTION);

    private SpecReference(Forms forms) {
        this.forms = forms;
    }

    /** The reference; a spec may name these sinks, given by name. */
    public static String markdown(Map<String, SinkProvider<?>> sinks) {
        SpecReference reference = new SpecReference(Forms.of(sinks));
        reference.section(reference.forms.router(), "");
        reference.sinks();
        return reference.markdown.toString();
    }

    private void below(RecordForm<?> form, String path) {
        for (Key key : form.keys()) {
            nested(key.form()).ifPresent(nested -> {
                String below = Words.key(path, key.name()) + suffix(key.form());
                heading(below, key.setting().value());
                section(nested, below);
            });
        }
    }

    private static String suffix(Form<?> form) {
        if (form instanceof MapForm) {
            return ".<name>";
        }
        return form instanceof ListForm ? "[]" : "";
    }

    /** Sources by name are written like the only one. */
    private static Optional<RecordForm<?>> nested(Form<?> form) {
        if (form instanceof ListForm<?> list) {
            return nested(list.element());
        }
        if (form instanceof MapForm<?, ?> map) {
            return nested(map.element()).filter(element -> !element.isOf(SourceSpec.class));
        }
        return form instanceof RecordForm<?> nested ? Optional.of(nested) : Optional.empty();
    }

    private void heading(String path, String meaning) {
        markdown.append("\n### `")
                .append(path)
                .append("`\n\n")
                .append(prose(meaning))
                .append('\n');
    }

    private void section(RecordForm<?> form, String path) {
        form.oneOf()
                .ifPresent(alternatives -> markdown.append("\nExactly one of ")
                        .append(alternatives.stream().map(SpecReference::code).collect(joining(", ")))
                        .append(" is given.\n"));
        table(form);
        below(form, path);
    }

    private void sinks() {
        markdown.append(SINKS);
        forms.sink().sinks().forEach((name, provider) -> {
            heading(name, provider.description());
            section(forms.sink().settings(provider), name);
        });
    }

    private void table(RecordForm<?> form) {
        if (form.keys().isEmpty()) {
            return;
        }
        markdown.append("\n| key | type | default | meaning | example |\n|---|---|---|---|---|\n");
        form.keys().forEach(key -> markdown.append(row(key)));
    }

    private static String row(Key key) {
        String byDefault = key.setting().byDefault();
        return String.join(
                " | ",
                "| " + code(key.name()),
                prose(key.form().type()),
                byDefault.isEmpty() ? (key.required() ? "required" : "optional") : code(byDefault),
                prose(key.setting().value()),
                key.setting().example().isEmpty() ? "|\n" : code(key.setting().example()) + " |\n");
    }

    private static String code(String text) {
        return "`" + cell(text) + "`";
    }

    private static String prose(String text) {
        return cell(text).replace("<", "&lt;");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
