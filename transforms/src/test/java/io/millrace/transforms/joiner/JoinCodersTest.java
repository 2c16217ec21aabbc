package io.millrace.transforms.joiner;

import static java.util.Objects.requireNonNull;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.joiner.Joined.Stage;
import io.millrace.transforms.joiner.Refused.Reason;
import io.millrace.transforms.shard.KeyBytes;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.Coder.NonDeterministicException;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.Test;

/** What is kept of a join is in savepoints: it is read as it was written. */
public class JoinCodersTest {
    private static final Coder<Joined<Long, String>> JOINED = JoinedCoder.of(VarLongCoder.of(), StringUtf8Coder.of());
    private static final Coder<Refused<Long, String>> REFUSED =
            RefusedCoder.of(VarLongCoder.of(), StringUtf8Coder.of());
    private static final long FIRST = Long.MIN_VALUE / 1000;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Entry left(long time, String content) {
        return Entry.of(Side.LEFT, time, Entry.NO_ID, bytes(content));
    }

    private static Entry right(long time, String id, String content) {
        return Entry.of(Side.RIGHT, time, bytes(id), bytes(content));
    }

    @Test
    public void encodesResultsAsItAlwaysDid() throws Exception {
        assertEncoded("01000304706c6179", JOINED, new Joined<>(3L, "play", Stage.COMPLETE));
        assertEncoded("01010304706c6179", JOINED, new Joined<>(3L, "play", Stage.EARLY));
        assertEncoded("01020304706c6179", JOINED, new Joined<>(3L, "play", Stage.CORRECTION));
        assertEncoded("01030004706c6179", JOINED, new Joined<>(0L, "play", Stage.RETRACTION));
        assertEncoded("01000700046c617465", REFUSED, new Refused<>(7L, null, Reason.LATE, "late"));
        assertEncoded("010104706c617901046f766572", REFUSED, new Refused<>(null, "play", Reason.OVER_LIMIT, "over"));
        assertEncoded("010007020474696d65", REFUSED, new Refused<>(7L, null, Reason.NO_TIME, "time"));
    }

    private static <T> void assertEncoded(String hex, Coder<T> coder, T value) throws Exception {
        assertThat(hex(coder, value), is(hex));
        assertThat(CoderUtils.decodeFromByteArray(coder, HexFormat.of().parseHex(hex)), is(value));
    }

    private static <T> String hex(Coder<T> coder, T value) throws CoderException {
        return HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, value));
    }

    @Test
    public void encodesEntriesAsItAlwaysDid() throws Exception {
        assertEntries("0100", 0);
        assertEntries("010400000161", 100, left(100, "a"));
        assertEntries(
                "010b0064016102c70100010000", 0, left(50, "a"), left(-100, "").asCredited(), right(0, "", ""));
        assertEntries(
                "010f0dc801027031123456789abcdef000", 100, right(200, "p1", "").answered(0x123456789abcdef0L));
        assertEntries("010a080002693104706c6179", 5, new Entry(Side.LEFT, 5, bytes("i1"), bytes("play"), false, 0));
    }

    private static void assertEntries(String hex, long base, Entry... entries) throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        written.write(7); // of what is before them
        for (Entry entry : entries) {
            Entries.write(entry, base, written);
        }
        assertThat(hex(Entries.CODER, new Entries(written.toByteArray(), 1)), is(hex));
        Entries read =
                CoderUtils.decodeFromByteArray(Entries.CODER, HexFormat.of().parseHex(hex));
        assertThat(
                texts(read, base),
                is(List.of(entries).stream().map(JoinCodersTest::text).toList()));
    }

    /** Left ones first, as those are that the tests write. */
    private static List<String> texts(Entries entries, long base) {
        List<Entry> all = new ArrayList<>();
        List<Entry> rights = new ArrayList<>();
        entries.collect(base, all, rights);
        all.addAll(rights);
        return all.stream().map(JoinCodersTest::text).toList();
    }

    private static String text(Entry entry) {
        return "%s@%d id %s content %s credited %s answer %d"
                .formatted(
                        entry.side(),
                        entry.time(),
                        HexFormat.of().formatHex(entry.id()),
                        HexFormat.of().formatHex(entry.content()),
                        entry.credited(),
                        entry.answer());
    }

    @Test
    public void encodesPagesAsItAlwaysDid() {
        assertPage("01c801000000000000000040", Page.empty(100));
        assertPage("01c80100000000010000004000000161", page(100, left(100, "a")));
        Page both = Page.empty(100);
        both.settle(199);
        both.add(left(100, "a"));
        both.add(right(150, "", "b"));
        both.leave(200, 201);
        both.forget(1_100);
        assertPage("01c801c901cb01d10fc70101010000400000016101640162", both);
        both.turn();
        assertPage("01c801c901cb01d10fc7010101010840", both);
    }

    private static Page page(long base, Entry... entries) {
        Page page = Page.empty(base);
        for (Entry entry : entries) {
            page.add(entry);
        }
        return page;
    }

    @Test
    public void encodesWhatIsDueAsItAlwaysDid() throws Exception {
        KeyBytes key = new KeyBytes("key".getBytes(StandardCharsets.UTF_8));
        Dues dues = Dues.NONE.with(List.of(new Due(1_025, 1_000, key), new Due(1_535, Bounds.NEVER, key)), 1_024);
        Calendar calendar = new Calendar(new TreeMap<>(), 1_025, 1_000);
        calendar.slots().put(-512L, new Calendar.Slot(-1, Bounds.NEVER, 1, 20));
        calendar.slots().put(1_024L, new Calendar.Slot(1_025, 1_000, 3, 400));

        assertEncoded("01036b6579", KeyBytes.CODER, key);
        assertEncoded("0101036b657907", PageNumber.CODER, new PageNumber(key, 7));
        assertEncoded("01ff0f02", SlotPage.CODER, new SlotPage(-1_024, 2));
        assertThat(hex(Dues.CODER, dues), is("010d0230036b6579fe0700036b6579"));
        assertThat(dues.all(1_024), contains(new Due(1_025, 1_000, key), new Due(1_535, Bounds.NEVER, key)));
        assertEncoded("018310d10f02ff07ff0700011480180330039003", Calendar.CODER, calendar);
    }

    /** Where a key is to be found is in savepoints too. */
    @Test
    public void aKeyStaysInItsShard() {
        assertThat(new KeyBytes("key".getBytes(StandardCharsets.UTF_8)).shard(1_024), is(580));
    }

    private static void assertPage(String hex, Page page) {
        assertThat(HexFormat.of().formatHex(page.bytes()), is(hex));
        assertReadAsWritten(page);
    }

    private static void assertReadAsWritten(Page page) {
        Page read = Page.of(page.bytes());
        assertThat(numbers(read), is(numbers(page)));
        assertThat(texts(read.entries(), read.base()), is(texts(page.entries(), page.base())));
        assertThat(read.bytes(), is(page.bytes()));
    }

    private static List<Number> numbers(Page page) {
        return List.of(
                page.base(),
                page.leaveHold(),
                page.forgetAt(),
                page.settledTo(),
                page.lefts(),
                page.rights(),
                page.earlierPages(),
                page.allBytes(),
                page.size(),
                page.settleFrom());
    }

    @Test
    public void timesMayBeBeforeTheEpochOrAtTheEndsOfTime() {
        for (long base : new long[] {FIRST, -100, -1, 0, 1, 1_767_268_800_000L, Bounds.LATEST}) {
            for (long time : new long[] {FIRST, -1, 0, 1, Bounds.LATEST}) {
                Page page = page(base, left(time, "a"), right(time, "r", "b"));
                assertReadAsWritten(page);
                page.leave(time, time);
                page.forget(time);
                assertReadAsWritten(page);
                page.leave(Bounds.LATEST, Bounds.LATEST);
                page.settle(time);
                assertReadAsWritten(page);
            }
        }
    }

    @Test
    public void whatIsNotSetStaysSo() {
        Page read = Page.of(Page.empty(-100).bytes());
        assertThat(read.leaveHold(), is(Bounds.NEVER));
        assertThat(read.forgetAt(), is(Bounds.NEVER));
        assertThat(read.settledTo(), is(Page.UNSETTLED));
        assertThat(read.takeDue(Bounds.LATEST), is(false));
        assertThat(texts(read.entries(), -100), empty());
    }

    @Test
    public void aPageThatIsSettledForEverIsSo() {
        for (long base : new long[] {FIRST, -100, -1, 0, 1, Bounds.LATEST}) {
            Page page = Page.empty(base);
            page.settle(Bounds.NEVER);
            assertReadAsWritten(page);
        }
    }

    @Test
    public void aPageIsReadAndWrittenOnBehindWhatWasThere() {
        Page page = Page.of(page(100, left(100, "a")).bytes());
        page.add(right(150, "", "b"));
        assertThat(
                texts(page.entries(), 100),
                is(texts(page(100, left(100, "a"), right(150, "", "b")).entries(), 100)));
        assertReadAsWritten(page);
    }

    @Test
    public void decodesWhatItEncoded() throws Exception {
        for (Stage stage : Stage.values()) {
            CoderProperties.coderDecodeEncodeEqual(JOINED, new Joined<>(-1L, "", stage));
        }
        for (Reason reason : Reason.values()) {
            CoderProperties.coderDecodeEncodeEqual(REFUSED, new Refused<>(null, "play", reason, "why"));
            CoderProperties.coderDecodeEncodeEqual(REFUSED, new Refused<>(-1L, null, reason, ""));
        }
        for (Coder<?> coder : List.of(Entries.CODER, JOINED, REFUSED)) {
            CoderProperties.coderSerializable((Coder<?>) coder);
            coder.verifyDeterministic();
        }
    }

    @Test
    public void isDeterministicWhereItsPartsAre() {
        assertThrows(
                NonDeterministicException.class,
                () -> JoinedCoder.of(DoubleCoder.of(), VarLongCoder.of()).verifyDeterministic());
        assertThrows(
                NonDeterministicException.class,
                () -> RefusedCoder.of(VarLongCoder.of(), DoubleCoder.of()).verifyDeterministic());
    }

    @Test
    public void refusesAnotherVersion() {
        UncheckedIOException page = assertThrows(UncheckedIOException.class, () -> Page.of(new byte[] {2}));
        assertThat(requireNonNull(page.getCause()).getMessage(), is("page must be of version 1, but was of version 2"));
        assertRefused("entries must be of version 1, but was of version 2", Entries.CODER);
        assertRefused("joined must be of version 1, but was of version 2", JOINED);
        assertRefused("refused must be of version 1, but was of version 2", REFUSED);
    }

    private static void assertRefused(String message, Coder<?> coder) {
        CoderException failure =
                assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(coder, new byte[] {2}));
        assertThat(failure.getMessage(), is(message));
    }
}
