package io.millrace.io.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.millrace.transforms.view.FullPublish;
import org.junit.Test;

public class PageCursorTest {
    private final PageAddresses addresses = PageAddresses.of(HttpPublish.of("http://localhost/0"));

    @Test
    public void seesEveryCircleSoonAndOnlyCircles() throws Exception {
        for (int before = 0; before < 20; before++) {
            for (int circle = 1; circle < 40; circle++) {
                int read = pagesUntilACircleIsSeen(before, circle);
                String what = before + " pages before a circle of " + circle;

                assertThat(what, before + circle, is(lessThanOrEqualTo(read)));
                assertThat(what, read, is(lessThanOrEqualTo(3 * (before + circle) + 1)));
            }
        }
    }

    private int pagesUntilACircleIsSeen(int before, int circle) throws Exception {
        PageCursor page = PageCursor.read(FullPublish.BEGINNING, addresses);
        int read = 1;
        for (int at = 0; ; read++) {
            at = at + 1 < before + circle ? at + 1 : before;
            PageCursor next = page.next("/" + at, 2);
            if (next == null) {
                return read;
            }
            page = PageCursor.read(next.text(addresses), addresses);
            assertThat(page.entries(), is(2L * read));
        }
    }

    @Test
    public void longWaysAreNoCircles() {
        PageCursor page = new PageCursor(0, 0, PageAddresses.fingerprint("/0"), "/0");
        for (int at = 1; at <= 10_000; at++) {
            page = page.next("/" + at, 1);
        }

        assertThat(page.pages(), is(10_000L));
        assertThat(page.text(addresses).length(), is(2 + 17 + 6 + 6 + 17 + "/10000".length()));
    }
}
