package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.header.Header;
import org.junit.Test;

/** The header with an identity holds the identity's one text, whatever came before. */
public final class IdHeadersTest {
    private static final List<String> STREAMS = List.of("c/plays", "c/plays@1", "c/with: and ;", "c/ü");
    private static final List<String> STEPS = List.of("us", "us/dead-letter", "a:b;c", "");
    private static final long[] OFFSETS = {0, 9, 10, 99, 100, 1_234_567, Long.MAX_VALUE};

    private final IdHeaders headers = new IdHeaders();

    @Test
    public void holdsTheTextOfTheIdentity() {
        assertThat(text(id("c/plays", 3, 42, "us", 0)), is("c/plays:3:42;us;0"));
        assertThat(text(id("c/plays", 3, 1_000, "us", 0)), is("c/plays:3:1000;us;0"));
    }

    @Test
    public void holdsTheTextOfTheIdentityInAnyOrderOfIdentities() {
        Random random = new Random(7);
        for (int count = 0; count < 20_000; count++) {
            ResultId id = id(
                    STREAMS.get(random.nextInt(STREAMS.size())),
                    random.nextInt(2),
                    OFFSETS[random.nextInt(OFFSETS.length)],
                    STEPS.get(random.nextInt(STEPS.size())),
                    random.nextInt(2));
            assertThat(text(id), is(id.toString()));
        }
    }

    @Test
    public void holdsTheTextOfAnIdentityWithTwoOrigins() {
        ResultId id = new ResultId(List.of(new Origin("c/plays", 0, 1), new Origin("c/clicks", 1, 2)), "join", 0);
        assertThat(text(id), is(id.toString()));
    }

    private String text(ResultId id) {
        Header header = headers.of(id);
        assertThat(header.key(), is("millrace-id"));
        return new String(header.value(), UTF_8);
    }

    private static ResultId id(String stream, int partition, long offset, String step, int ordinal) {
        return new ResultId(List.of(new Origin(stream, partition, offset)), step, ordinal);
    }
}
