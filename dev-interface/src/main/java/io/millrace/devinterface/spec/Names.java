package io.millrace.devinterface.spec;

import java.util.regex.Pattern;

/** What a pipeline or a route may be called: its name becomes part of step names, object names and metrics. */
final class Names {
    /** What a name matches. */
    static final Pattern PATTERN = Pattern.compile("[a-z0-9-]+");

    private Names() {}

    static String check(String name) {
        if (!PATTERN.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name must be lower-case letters, digits and '-', but was " + Words.quoted(name));
        }
        return name;
    }
}
