package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Value.Mark;

/** The text is no YAML or JSON that a spec can be made of. */
final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Mark at;

    SyntaxException(Mark at, String message) {
        super(message);
        this.at = at;
    }

    Mark at() {
        return at;
    }
}
