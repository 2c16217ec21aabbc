package io.millrace.testfixtures.historyserver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.Test;

public class CallLogTest {
    private final CallLog log = new CallLog();

    @Test
    public void writesALineForEachCall() {
        log.add(1_700_000_000_000L, "GET", "200", List.of("p-1"));
        log.add(1_700_000_000_001L, "POST", "reset-in-mid-answer", List.of("p-1", "", "a b,c\n"));
        log.add(1_700_000_000_002L, "POST", "200", List.of());

        assertThat(since(0), is("""
                        1700000000000 GET 200 ,p-1
                        1700000000001 POST reset-in-mid-answer ,p-1,,a+b%2Cc%0A
                        1700000000002 POST 200\s
                        """));
    }

    @Test
    public void givesTheLinesFromAnyOneOn() {
        IntStream.range(0, 500_000).forEach(i -> log.add(i, "GET", "200", List.of("p-" + i)));

        for (int since : new int[] {0, 1, 77_777, 250_000, 499_999}) {
            List<String> lines = since(since).lines().toList();
            assertThat(lines.size(), is(500_000 - since));
            assertThat(lines.get(0), is(since + " GET 200 ,p-" + since));
            assertThat(lines.get(lines.size() - 1), is("499999 GET 200 ,p-499999"));
        }
        assertThat(since(500_000), is(""));
        assertThat(since(500_001), is(""));
    }

    @Test
    public void hasRoomForALineLongerThanAPage() {
        List<String> keys = IntStream.range(0, 200_000).mapToObj(i -> "p-" + i).toList();
        log.add(1, "GET", "200", List.of("before"));
        log.add(2, "POST", "200", keys);
        log.add(3, "GET", "200", List.of("after"));

        assertThat(since(1), is("2 POST 200 ," + String.join(",", keys) + "\n3 GET 200 ,after\n"));
        assertThat(since(2), is("3 GET 200 ,after\n"));
    }

    private String since(long index) {
        return log.since(index).toString(US_ASCII);
    }
}
