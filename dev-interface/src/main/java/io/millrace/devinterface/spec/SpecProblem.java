package io.millrace.devinterface.spec;

import java.io.Serializable;

/**
 * One thing that is wrong with a spec; its text is {@code path: message}, on one line.
 *
 * @param path where it is, such as {@code routes[2].sink.kafka.topic}; {@code spec} for the text as a whole
 * @param message what is wrong there, as a sentence without its subject
 * @param line the line of the spec's text, from 1, that a person would look at
 * @param column the column of that line, from 1
 */
public record SpecProblem(String path, String message, int line, int column) implements Serializable {

    @Override
    public String toString() {
        return path + ": " + message;
    }
}
