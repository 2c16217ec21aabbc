package io.millrace.io.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;

public class LinksTest {
    private static String next(String... headers) {
        return Links.next(List.of(headers));
    }

    @Test
    public void findsTheNextPageAmongOthers() {
        assertThat(next(), is(nullValue()));
        assertThat(next("<a>; rel=\"next\""), is("a"));
        assertThat(next("<a>;rel=next,<b>;rel=last"), is("a"));
        assertThat(
                next("<a,;b>; rel=prev; title=\"x, <y>; rel=\\\"next\\\"\" , <c?d=1,2>; title=z ; REL=\"last NEXT\""),
                is("c?d=1,2"));
        assertThat(next("<a>; rel=prev", "<b>; rel=next"), is("b"));
        assertThat(next("<a>; rel=nextone, <b>; rel=\"prev\"; rel=\"next\""), is(nullValue()));
        assertThat(next("<a>; rel=next; anchor=\"/other\", <b>; crossorigin; rel=next;"), is("b"));
        assertThat(next("<>; rel=next"), is(""));
        assertThat(next("", " , "), is(nullValue()));
    }

    @Test
    public void whatCannotBeReadIsNoEnd() {
        for (String wrong :
                List.of("a; rel=next", "<a; rel=next", "<a>; rel=\"next", "<a>; rel=prev x, <b>; rel=next")) {
            assertThrows(wrong, IllegalArgumentException.class, () -> next(wrong));
        }
    }

    @Test
    public void longHeadersAreRead() {
        assertThat(next("<a>; title=\"" + "\\\"x".repeat(20_000) + "\"; rel=next"), is("a"));
        assertThat(next(", <b>; rel=prev".repeat(4_000) + ", <a>; rel=next"), is("a"));
    }
}
