package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Value.Kind;
import io.millrace.devinterface.spec.Value.Mark;
import io.millrace.devinterface.spec.Value.Scalar;

/** Reads YAML or JSON text into values, within limits that no honest spec comes near. */
final class SpecText {
    static final int MAX_DEPTH = 50;
    static final int MAX_VALUES = 100_000;
    static final int MAX_CHARACTERS = 3_000_000;

    private SpecText() {}

    /** The one document of the text: JSON where it reads as JSON, else YAML. */
    static Value read(String text) throws SyntaxException {
        if (text.length() > MAX_CHARACTERS) {
            throw new SyntaxException(Mark.START, "the text must be at most " + MAX_CHARACTERS + " characters long");
        }
        String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return content.stripLeading().startsWith("{") ? jsonOrYaml(content) : YamlText.read(content);
    }

    private static Value jsonOrYaml(String text) throws SyntaxException {
        try {
            return JsonText.read(text);
        } catch (SyntaxException notJson) {
            return YamlText.read(text);
        }
    }

    static void checkDepth(int depth, Mark at) throws SyntaxException {
        if (depth > MAX_DEPTH) {
            throw new SyntaxException(at, "nested deeper than " + MAX_DEPTH + " levels");
        }
    }

    /** The value, unless it has become too large, by aliases that multiply or by itself. */
    static Value checkSize(Value value) throws SyntaxException {
        if (value.size() > MAX_VALUES) {
            throw new SyntaxException(value.at(), "more than " + MAX_VALUES + " values, aliases expanded");
        }
        return value;
    }

    static Scalar scalar(Kind kind, String text, Mark at) throws SyntaxException {
        return new Scalar(kind, unicode(text, at), at);
    }

    /** The text, unless it has half of a surrogate pair, which no encoding can carry. */
    static String unicode(String text, Mark at) throws SyntaxException {
        if (text.codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE)) {
            throw new SyntaxException(at, "half of a surrogate pair: " + Words.quoted(text));
        }
        return text;
    }
}
