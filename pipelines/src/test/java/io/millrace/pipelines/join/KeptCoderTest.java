package io.millrace.pipelines.join;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.Test;

/** What is kept of a join is in savepoints: it is read as it was written. */
public class KeptCoderTest {
    private static final ResultId ID = ResultId.of(new Origin("c/plays", 1, 300));
    private static final WindowCount WINDOW = new WindowCount("t-1", 600_000, 2);

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Kept one(String document, List<byte[]> list) {
        return new Kept(1, bytes(document), bytes(document), list, null, List.of());
    }

    @Test
    public void oneDocumentIsWrittenOnce() throws Exception {
        assertEncoded("010100027b7d", one("{}", List.of()));
        assertEncoded("010101027b7d", one("{}", List.of(bytes("{}"))));
    }

    @Test
    public void severalAreTheFirstAndTheLastOrAll() throws Exception {
        assertEncoded("01030001610163", new Kept(3, bytes("a"), bytes("c"), List.of(), null, List.of()));
        assertEncoded(
                "01020100000002" + "0161" + "0163",
                new Kept(2, bytes("a"), bytes("c"), List.of(bytes("a"), bytes("c")), null, List.of()));
    }

    @Test
    public void identityAndTalliesAreThereIfTheyAreWanted() throws Exception {
        assertEncoded(
                "010206" + "0161" + "0163" + "010107632f706c61797301ac020000" + "00000001" + "03742d31" + "c0cf24"
                        + "02",
                new Kept(2, bytes("a"), bytes("c"), List.of(), ID, List.of(WINDOW)));
    }

    @Test
    public void nothingIsTwoBytes() throws Exception {
        assertEncoded("0100", Kept.NOTHING);
    }

    @Test
    public void refusesAnotherVersion() {
        CoderException failure = assertThrows(
                CoderException.class, () -> CoderUtils.decodeFromByteArray(KeptCoder.of(), new byte[] {2}));
        assertThat(failure.getMessage(), is("what is kept of a join must be of version 1, but was of version 2"));
    }

    private static void assertEncoded(String hex, Kept kept) throws Exception {
        assertThat(hex(kept), is(hex));
        Kept read =
                CoderUtils.decodeFromByteArray(KeptCoder.of(), HexFormat.of().parseHex(hex));
        assertThat(text(read), is(text(kept)));
    }

    private static String hex(Kept kept) throws CoderException {
        return HexFormat.of().formatHex(CoderUtils.encodeToByteArray(KeptCoder.of(), kept));
    }

    private static String text(Kept kept) {
        return kept.count() + " " + new String(kept.first(), UTF_8) + " " + new String(kept.last(), UTF_8) + " "
                + kept.list().stream()
                        .map(document -> new String(document, UTF_8))
                        .toList() + " " + kept.firstId() + " "
                + kept.windows();
    }
}
