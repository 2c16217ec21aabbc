package io.millrace.io.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.enricher.LookupTable;
import io.millrace.transforms.enricher.LookupTable.Loaded;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.Test;

/** What becomes of lines, and which of them are no rows. */
public class JsonTableTest {

    /** A place of one text. */
    private record Text(byte[] bytes) implements RowPlace {
        @Override
        public String place() {
            return "text";
        }

        @Override
        public Optional<String> read(String held, RowReader rows) throws IOException, InterruptedException {
            if (held.equals("1")) {
                return Optional.empty();
            }
            rows.lines(new Dripping(new ByteArrayInputStream(bytes)));
            return Optional.of("1");
        }
    }

    /** Gives one byte at a time, and never says that there is more. */
    private static final class Dripping extends FilterInputStream {
        Dripping(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return super.read(bytes, from, Math.min(1, length));
        }

        @Override
        public int available() {
            return 0;
        }
    }

    private static Loaded<String, byte[]> load(byte[] text) throws IOException, InterruptedException {
        return new JsonTable("id", new Text(text)).load("").orElseThrow();
    }

    private static Loaded<String, byte[]> load(String text) throws IOException, InterruptedException {
        return load(text.getBytes(UTF_8));
    }

    private static String row(LookupTable<String, byte[]> table, String key) {
        byte[] row = table.get(key);
        return row == null ? null : new String(row, UTF_8);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream compressed = new GZIPOutputStream(out)) {
            compressed.write(text.getBytes(UTF_8));
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] joined = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, joined, one.length, other.length);
        return joined;
    }

    private static void assertFails(String message, byte[] text) {
        assertThat(assertThrows(IOException.class, () -> load(text)).getMessage(), is(message));
    }

    private static void assertFails(String message, String text) {
        assertFails(message, text.getBytes(UTF_8));
    }

    @Test
    public void aKeyHasTheRowAsItWasRead() throws Exception {
        Loaded<String, byte[]> loaded =
                load("{\"id\":\"v-1\",\"title\":\"Alien\"}\r\n\n{\"title\": \"Brazil\", \"id\": 2}");

        assertThat(row(loaded.table(), "v-1"), is("{\"id\":\"v-1\",\"title\":\"Alien\"}"));
        assertThat(row(loaded.table(), "2"), is("{\"title\": \"Brazil\", \"id\": 2}"));
        assertThat(row(loaded.table(), "v-2"), is(nullValue()));
        assertThat(loaded.table().rows(), is(2L));
        assertThat(loaded.version(), is("1"));
        assertThat(loaded.doubled(), is(0L));
    }

    @Test
    public void ofRowsWithOneKeyTheLastIsUsedAndTheyAreCounted() throws Exception {
        Loaded<String, byte[]> loaded = load("{\"id\":1,\"n\":1}\n{\"id\":\"1\",\"n\":2}\n{\"id\":1,\"n\":3}\n");

        assertThat(row(loaded.table(), "1"), is("{\"id\":1,\"n\":3}"));
        assertThat(loaded.table().rows(), is(1L));
        assertThat(loaded.doubled(), is(2L));
    }

    @Test
    public void anEmptyTextIsATableOfNoRow() throws Exception {
        assertThat(load("").table().rows(), is(0L));
        assertThat(load("\n\n").table().rows(), is(0L));
    }

    @Test
    public void theVersionThatIsHeldIsNotReadAgain() throws Exception {
        assertThat(new JsonTable("id", new Text(new byte[] {'?'})).load("1"), is(Optional.empty()));
    }

    @Test
    public void aCompressedTextIsUncompressedAndSoAreSeveralBehindOneAnother() throws Exception {
        LookupTable<String, byte[]> table = load(joined(gzip("{\"id\":1}\n{\"id\""), gzip(":2}\n{\"id\":3}")))
                .table();

        assertThat(table.rows(), is(3L));
        assertThat(row(table, "2"), is("{\"id\":2}"));
        assertThat(row(table, "3"), is("{\"id\":3}"));
    }

    @Test
    public void aLineThatIsNoRowFailsTheWholeWithItsNumber() {
        assertFails("line 3: the document ends too early at byte 7", "{\"id\":1}\n\n{\"id\":2");
        assertFails("line 1: the document is no object", "[1]\n{\"id\":2}");
        assertFails("line 2: no such field 'id'", "{\"id\":1}\n{\"ID\":2}");
        assertFails("line 1: field 'id' is neither text nor a number", "{\"id\":null}");
        assertFails("line 1: field 'id' must not be empty", "{\"id\":\"\"}");
    }

    @Test
    public void aCompressedTextThatIsCutOffOrBrokenFails() throws IOException {
        byte[] whole = gzip("{\"id\":1}\n");
        assertFails(
                "near line 1 it must be whole and compressed with gzip, but it ends too early",
                Arrays.copyOf(whole, 12));
        assertFails(
                "near line 0 it must be whole and compressed with gzip, but it ends too early",
                Arrays.copyOf(whole, 5));
        byte[] broken = whole.clone();
        broken[broken.length - 6] ^= 1;
        assertFails("near line 1 it must be whole and compressed with gzip, but Corrupt GZIP trailer", broken);
    }

    @Test
    public void aLaterPartOfACompressedTextIsWholeTooWhereverItIsCutOff() throws IOException {
        byte[] first = gzip("{\"id\":1}\n");
        byte[] second = gzip("{\"id\":2}\n");
        for (int length = 1; length < second.length; length++) {
            byte[] text = joined(first, Arrays.copyOf(second, length));
            assertThat(
                    "with " + length + " bytes of the second",
                    assertThrows(IOException.class, () -> load(text)).getMessage(),
                    endsWith(" it must be whole and compressed with gzip, but it ends too early"));
        }
    }

    @Test
    public void nothingElseIsBehindACompressedText() throws IOException {
        byte[] first = gzip("{\"id\":1}\n");
        String message = "near line 1 it must be whole and compressed with gzip, but ";
        assertFails(message + "something else is behind a part of it", joined(first, "{\"id\":2}\n".getBytes(UTF_8)));
        assertFails(message + "something else is behind a part of it", joined(first, new byte[100]));
        byte[] flagged = gzip("{\"id\":2}\n");
        flagged[3] = (byte) 0x80;
        assertFails(message + "a header has unknown flags", joined(first, flagged));
    }

    @Test
    public void whatACompressedPartSaysOfItselfIsPassedOver() throws Exception {
        byte[] plain = gzip("{\"id\":2}\n");
        byte[] said = {0x1F, (byte) 0x8B, 8, 0x1E, 0, 0, 0, 0, 0, 3, 2, 0, 'x', 'y', 'n', 0, 'c', 0};
        CRC32 check = new CRC32();
        check.update(said);
        byte[] header = joined(said, new byte[] {(byte) check.getValue(), (byte) (check.getValue() >> 8)});
        byte[] part = joined(header, Arrays.copyOfRange(plain, 10, plain.length));
        byte[] first = gzip("{\"id\":1}\n");

        assertThat(load(joined(first, part)).table().rows(), is(2L));
        part[14] = 'm';
        assertFails(
                "near line 1 it must be whole and compressed with gzip, but Corrupt GZIP header", joined(first, part));
    }

    @Test
    public void aPlaceThatFailsBetweenTwoPartsFailsTheWhole() throws IOException {
        InputStream first = new ByteArrayInputStream(gzip("{\"id\":1}\n"));
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        };
        IOException failure = assertThrows(
                IOException.class,
                () -> new JsonRows("id", Long.MAX_VALUE).lines(new SequenceInputStream(first, failing)));

        assertThat(failure.getMessage(), is("connection reset"));
    }

    @Test
    public void aLineHasAnEndThatIsNotTooFar() {
        byte[] text = new byte[Lines.LONGEST + 1];
        Arrays.fill(text, (byte) ' ');
        IOException failure = assertThrows(IOException.class, () -> {
            Lines lines = Lines.of(new ByteArrayInputStream(text));
            lines.next();
        });
        assertThat(failure.getMessage(), is("line 1: must have at most 67108864 bytes"));
    }

    @Test
    public void aTableThatTakesTooMuchMemoryFailsHoweverSmallItsTextIs() throws Exception {
        byte[] text = gzip(("{\"id\":1," + " ".repeat(99_990) + "\"a\":1}\n").repeat(6));
        JsonTable table = new JsonTable("id", new Text(text));

        assertThat(table.withMaxHeldBytes(1 << 20).load("").orElseThrow().doubled(), is(5L));
        assertThat(
                assertThrows(
                                IOException.class,
                                () -> table.withMaxHeldBytes(600_000).load(""))
                        .getMessage(),
                is(
                        "the table must take at most 600000 bytes of memory, which maxHeldBytes says, but with line 5 it takes"
                                + " 628400"));
        assertThat(
                assertThrows(IllegalArgumentException.class, () -> table.withMaxHeldBytes(0))
                        .getMessage(),
                is("maxHeldBytes must be at least 1, but was 0"));
    }

    @Test
    public void whoIsInterruptedReadsNoFurther() {
        Thread.currentThread().interrupt();

        InterruptedException interrupted = assertThrows(InterruptedException.class, () -> load("{\"id\":1}\n"));
        assertThat(interrupted.getMessage(), is("interrupted at line 1"));
    }

    @Test
    public void aKeyFieldHasAName() {
        assertThat(
                assertThrows(IllegalArgumentException.class, () -> new JsonTable("", new Text(new byte[0])))
                        .getMessage(),
                is("keyField must not be empty"));
    }
}
