package io.millrace.transforms.script;

import java.util.Optional;
import java.util.stream.Stream;

/** A function that a script may define, and what it is for. */
public enum ScriptFunction {
    /** {@code filter(event, context)}: true for an event that is kept. */
    FILTER("filter"),
    /** {@code map(event, context)}: the one object that is made of an event. */
    MAP("map"),
    /** {@code flatMap(event, context)}: the array of objects that are made of an event; an empty one drops it. */
    FLAT_MAP("flatMap");

    private final String text;

    ScriptFunction(String text) {
        this.text = text;
    }

    /** The name that the function has in a script. */
    public String text() {
        return text;
    }

    /** The function of a name, if there is one. */
    public static Optional<ScriptFunction> named(String name) {
        return Stream.of(values()).filter(one -> one.text.equals(name)).findFirst();
    }
}
