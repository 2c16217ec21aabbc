package io.millrace.devinterface.spec;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.devinterface.spec.Value.Fields;
import io.millrace.devinterface.spec.Value.Items;
import io.millrace.devinterface.spec.Value.Kind;
import io.millrace.devinterface.spec.Value.Mark;
import io.millrace.devinterface.spec.Value.Scalar;
import java.util.List;
import org.junit.Test;

public class SpecTextTest {

    @Test
    public void takesAScalarWithoutQuotesForWhatJsonWould() throws Exception {
        assertThat(kind("5"), is(Kind.NUMBER));
        assertThat(kind("-1.5e3"), is(Kind.NUMBER));
        assertThat(kind("True"), is(Kind.BOOLEAN));
        assertThat(kind("~"), is(Kind.EMPTY));
        assertThat(kind("no"), is(Kind.TEXT));
        assertThat(kind("010"), is(Kind.TEXT));
        assertThat(kind("2026-01-01"), is(Kind.TEXT));
        assertThat(kind("'5'"), is(Kind.TEXT));
        assertThat(kind("! 5"), is(Kind.TEXT));
    }

    @Test
    public void readsJsonThatIsIndentedByTabs() throws Exception {
        assertThat(
                SpecText.read("{\n\t\"a\":[1]}"),
                equalTo(new Fields(
                        List.of(new Value.Entry(
                                "a",
                                new Mark(2, 2),
                                new Items(List.of(new Scalar(Kind.NUMBER, "1", new Mark(2, 7))), 2, new Mark(2, 6)))),
                        3,
                        new Mark(1, 1))));
    }

    @Test
    public void refusesWhatIsNoSingleDocument() {
        assertThat(refusal(""), is("line 1, column 1: the text is empty"));
        assertThat(refusal("a: 1\n---\nb: 2\n"), is("line 2, column 1: a second document in the same text"));
        assertThat(refusal("{\"a\": 1} {}"), is("line 1, column 10: expected '<document start>', but found '{'"));
        assertThat(refusal("a: [1\n"), is("line 2, column 1: expected ',' or ']', but got <stream end>"));
        assertThat(refusal("a: b: c"), is("line 1, column 5: mapping values are not allowed here"));
    }

    @Test
    public void refusesTagsStrangeKeysAndAliasesOfNothing() {
        assertThat(
                refusal("a: !!binary x"), is("line 1, column 4: a tag means nothing here: 'tag:yaml.org,2002:binary'"));
        assertThat(refusal("? [a]\n: b"), is("line 1, column 3: a key must be text, but was a list"));
        assertThat(refusal("a: *b"), is("line 1, column 4: an alias of nothing above it: '*b'"));
        assertThat(refusal("a: &b [*b]"), is("line 1, column 8: an alias of nothing above it: '*b'"));
        assertThat(refusal("{\"a\": \"\\ud800\"}"), is("line 1, column 7: half of a surrogate pair: '\\ud800'"));
    }

    @Test
    public void refusesAliasesThatMultiply() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append(
                    "a%d: &a%d [%s]\n".formatted(i, i, "*a%d, ".formatted(i - 1).repeat(10)));
        }

        assertThat(refusal(bomb.toString()), is("line 5, column 5: more than 100000 values, aliases expanded"));
    }

    @Test
    public void refusesTextThatIsNestedTooDeepOrTooLong() {
        assertThat(refusal("[".repeat(100_000)), is("line 1, column 51: nested deeper than 50 levels"));
        assertThat(refusal("{\"a\":".repeat(100_000)), is("line 1, column 247: nested deeper than 50 levels"));
        assertThat(
                refusal("a".repeat(SpecText.MAX_CHARACTERS + 1)),
                is("line 1, column 1: the text must be at most 3000000 characters long"));
    }

    private static Kind kind(String scalar) throws SyntaxException {
        return ((Scalar) SpecText.read(scalar)).kind();
    }

    private static String refusal(String text) {
        SyntaxException e = assertThrows(SyntaxException.class, () -> SpecText.read(text));
        return e.at() + ": " + e.getMessage();
    }
}
