package io.millrace.io.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.Headers;
import java.io.IOException;
import java.util.Random;
import org.junit.Test;

/** What a record is as a line of an archive. */
public class ArchivedRecordTest {
    private static final byte[] NOT_UTF8 = {(byte) 0xff, 0, 10};

    @Test
    public void isOneLineOfJson() {
        Headers headers = Headers.builder()
                .add("h", "x".getBytes(UTF_8))
                .add("h", (byte[]) null)
                .add("b", NOT_UTF8)
                .build();

        assertThat(
                text(new ArchivedRecord(
                        "c/plays", 3, 7, 9, 1_000, NOT_UTF8, "{\n \"a\": \"é\"}".getBytes(UTF_8), headers)),
                is(
                        "{\"stream\":\"c/plays\",\"partition\":3,\"from\":7,\"offset\":9,\"time\":1000,\"keyBase64\":\"/wAK\","
                                + "\"headers\":[{\"name\":\"h\",\"value\":\"x\"},{\"name\":\"h\"},{\"name\":\"b\",\"valueBase64\":\"/wAK\"}],"
                                + "\"value\":\"{\\n \\\"a\\\": \\\"é\\\"}\"}"));
        assertThat(
                text(new ArchivedRecord("c/plays", 0, 0, 0, -1, null, null, Headers.empty())),
                is("{\"stream\":\"c/plays\",\"partition\":0,\"from\":0,\"offset\":0,\"time\":-1}"));
    }

    @Test
    public void givesBackTheVeryBytes() throws IOException {
        Random random = new Random(1);
        for (int round = 0; round < 2_000; round++) {
            Headers.Builder headers = Headers.builder();
            for (int header = random.nextInt(3); header > 0; header--) {
                headers.add("h" + random.nextInt(2), bytes(random));
            }
            ArchivedRecord record =
                    new ArchivedRecord("c/\"plays", 1, 2, 3, 4, bytes(random), bytes(random), headers.build());

            byte[] line = record.toLine();

            assertThat(ArchivedRecord.parse(line), is(record));
            assertThat(text(record).lines().count(), is(1L));
        }
    }

    /** Bytes of any kind, text with characters of all lengths, or none. */
    private static byte[] bytes(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> {
                byte[] any = new byte[random.nextInt(40)];
                random.nextBytes(any);
                yield any;
            }
            default ->
                random.ints(random.nextInt(20), 0, 0x11000)
                        .map(unit -> unit >= 0xD800 && unit < 0xE000 ? '\n' : unit)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                        .getBytes(UTF_8);
        };
    }

    @Test
    public void refusesWhatIsNoSuchLine() {
        assertThrows(IOException.class, () -> ArchivedRecord.parse("{\"a\":1}".getBytes(UTF_8)));
        assertThrows(IOException.class, () -> ArchivedRecord.parse("[]".getBytes(UTF_8)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ArchivedRecord("c/plays", 0, 8, 7, 0, null, null, Headers.empty()));
    }

    private static String text(ArchivedRecord record) {
        return new String(record.toLine(), UTF_8);
    }
}
