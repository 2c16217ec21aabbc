package io.millrace.transforms.expression;

import java.io.Serializable;

/**
 * What is wrong with an expression, and where: line and column both count from 1.
 *
 * @param line the line of the expression's own text
 * @param column the column in that line, in characters
 * @param message what is wrong, in one line
 */
public record Problem(int line, int column, String message) implements Serializable {

    @Override
    public String toString() {
        return line + ":" + column + ": " + message;
    }
}
