package io.millrace.testfixtures.events;

import org.jspecify.annotations.Nullable;

/** A JSON object under construction, on one line; no name or text in it needs escaping. */
public final class Json {
    private final StringBuilder text = new StringBuilder(512);

    /** With a text. */
    public Json text(String name, String value) {
        return raw(name, "\"" + value + "\"");
    }

    /** With a value as JSON has it; without the field where that is null. */
    public Json raw(String name, @Nullable String value) {
        if (value != null) {
            text.append(text.length() == 0 ? '{' : ',');
            text.append('"').append(name).append("\":").append(value);
        }
        return this;
    }

    /** The object as it is so far. */
    public String close() {
        return text + "}";
    }
}
