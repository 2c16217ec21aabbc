package io.millrace.devinterface.spec;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import org.junit.Test;

public class WordsTest {

    @Test
    public void hintsAtTheNearestName() {
        List<String> names = List.of("topic", "topics", "key");

        assertThat(Words.hint("topik", names), is(", did you mean 'topic'?"));
        assertThat(Words.hint("TOPICS", names), is(", did you mean 'topics'?"));
        assertThat(Words.hint("kye", names), is(", did you mean 'key'?"));
        assertThat(Words.hint("filter", names), is("; known: topic, topics, key"));
        assertThat(Words.hint("x".repeat(100), names), is("; known: topic, topics, key"));
    }

    @Test
    public void keepsQuotedTextShortAndOnOneLine() {
        assertThat(Words.quoted("a\nb\u2028\u202e"), is("'a\\u000ab\\u2028\\u202e'"));
        assertThat(Words.quoted("x".repeat(81)), is("'" + "x".repeat(40) + "…'"));
    }

    @Test
    public void pathsQuoteKeysThatAreNoNames() {
        assertThat(Words.key("a.b", "c"), is("a.b.c"));
        assertThat(Words.key("", "c"), is("c"));
        assertThat(Words.key("a", "b.c d"), is("a['b.c d']"));
        assertThat(Words.index("a", 2), is("a[2]"));
    }
}
