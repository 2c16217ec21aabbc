package io.millrace.io.memcached;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.Test;

public class RingTest {
    private static final Ring RING = Ring.compatible(IntStream.range(10_000, 10_005)
            .mapToObj(port -> "127.0.0.1:" + port)
            .toList());

    /** Expected is what libketama says. */
    @Test
    public void keysAreWhereOtherClientsPutThem() {
        assertThat(RING.of("36"), is("127.0.0.1:10002"));
        assertThat(RING.of("10037"), is("127.0.0.1:10003"));
        assertThat(RING.of("22051"), is("127.0.0.1:10001"));
        assertThat(RING.of("49044"), is("127.0.0.1:10004"));
        assertThat(RING.of("dustin"), is("127.0.0.1:10000"));
    }

    @Test
    public void theUsualPortIsNoPartOfAServersName() {
        Ring usual = Ring.compatible(List.of("a:11211", "b:11211"));
        Ring other = Ring.compatible(List.of("a:11212", "b:11212"));

        List<String> ofUsual = IntStream.range(0, 64)
                .mapToObj(key -> usual.of("k" + key).substring(0, 1))
                .toList();
        List<String> ofOther = IntStream.range(0, 64)
                .mapToObj(key -> other.of("k" + key).substring(0, 1))
                .toList();
        assertThat(ofUsual.equals(ofOther), is(false));
    }

    @Test
    public void oneServerHasAllKeys() {
        assertThat(Ring.compatible(List.of("a:1")).of("any"), is("a:1"));
    }
}
