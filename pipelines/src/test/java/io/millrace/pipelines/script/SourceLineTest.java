package io.millrace.pipelines.script;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.expression.Problem;
import org.junit.Test;

public class SourceLineTest {
    private static final String SOURCE = "function map(event) {\n\treturn { a: }\n}";

    @Test
    public void marksTheColumnOfAProblem() {
        assertThat(SourceLine.of(SOURCE, new Problem(2, 13, "wrong")), contains(" return { a: }", "            ^"));
    }

    @Test
    public void marksWhatIsMissingAtTheEndOfALine() {
        assertThat(SourceLine.of(SOURCE, new Problem(3, 2, "wrong")), contains("}", " ^"));
    }

    @Test
    public void findsThePlaceThatAMessageNames() {
        assertThat(
                SourceLine.of(SOURCE, "TypeError at line 1, column 10: no"),
                contains("function map(event) {", "         ^"));
        assertThat(SourceLine.of(SOURCE, "line 3: no"), contains("}"));
    }

    @Test
    public void showsNothingOfALineThatIsNotThere() {
        assertThat(SourceLine.of(SOURCE, "no such thing"), is(empty()));
        assertThat(SourceLine.of(SOURCE, "deadline 1"), is(empty()));
        assertThat(SourceLine.of(SOURCE, new Problem(4, 1, "wrong")), is(empty()));
        assertThat(SourceLine.of(SOURCE, "line 99999999999, column 1"), is(empty()));
    }

    @Test
    public void showsThePartOfALongLineThatIsMeant() {
        String line = "x".repeat(500) + "!" + "y".repeat(500);

        assertThat(
                SourceLine.of(line, new Problem(1, 501, "wrong")),
                contains("x".repeat(49) + "!" + "y".repeat(50), " ".repeat(49) + "^"));
    }
}
