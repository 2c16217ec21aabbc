package io.millrace.transforms.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.testfixtures.state.MapInMemory;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.shard.Batches;
import io.millrace.transforms.shard.KeyBytes;
import io.millrace.transforms.view.Round.Work;
import io.millrace.transforms.view.ViewRequest.Kind;
import io.millrace.transforms.view.ViewUpdate.Cause;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.Coder.NonDeterministicException;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** What is kept of a view is in savepoints: it is read as it was written. */
public class ViewCodersTest {
    private static final Coder<String> TEXT = StringUtf8Coder.of();
    private static final Coder<ViewUpdate<String>> UPDATES = ViewUpdateCoder.of(TEXT);
    private static final Coder<ViewAnswer<String>> ANSWERS = ViewAnswerCoder.of(TEXT);
    private static final Coder<Refused<String>> REFUSED = RefusedCoder.of(TEXT);
    private static final KeyItems.Limits LIMITS = new KeyItems.Limits(10, 1_000);
    private static final long NO_PUBLISH = Long.MIN_VALUE;

    /** {@link Long#MIN_VALUE} and {@link Long#MAX_VALUE}, as they are written. */
    private static final String MIN = "ffffffffffffffffff01";

    private static final String NEVER = "ffffffffffffffff7f";

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static KeyBytes key(String text) {
        return new KeyBytes(bytes(text));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static <T> void assertEncoded(String hex, Coder<T> coder, T value) throws Exception {
        assertThat(hex(CoderUtils.encodeToByteArray(coder, value)), is(hex));
        assertThat(CoderUtils.decodeFromByteArray(coder, HexFormat.of().parseHex(hex)), is(value));
    }

    @Test
    public void encodesWhatComesOutAsItAlwaysDid() throws Exception {
        assertEncoded(
                "0100c80100000002022f31022f32", UPDATES, new ViewUpdate<>(100, List.of("/1", "/2"), Cause.CHANGE));
        assertEncoded("01010100000000", UPDATES, new ViewUpdate<>(-1, List.of(), Cause.FLUSH));
        assertEncoded("0102" + MIN + "00000000", UPDATES, new ViewUpdate<>(NO_PUBLISH, List.of(), Cause.REPAIR));
        assertEncoded("01030200000000", UPDATES, new ViewUpdate<>(1, List.of(), Cause.RENEW));
        assertEncoded("0103662d3107ac020000", ANSWERS, new ViewAnswer<>("f-1", 7, 300, false, List.of()));
        assertEncoded(
                "0103742d31000101010275700100020000000102" + "2f3101",
                ANSWERS,
                new ViewAnswer<>(
                        "t-1",
                        0,
                        1,
                        true,
                        List.of(new ViewAnswer.Told<>("up", new ViewUpdate<>(1, List.of("/1"), Cause.CHANGE), true))));
        assertEncoded(
                "01013f0d766965774f7665724c696d697404666f7572",
                REFUSED,
                new Refused<>("?", Reason.VIEW_OVER_LIMIT, "four"));
        assertEncoded("01013f0d766965774b65794661696c656400", REFUSED, new Refused<>("?", Reason.VIEW_KEY_FAILED, ""));
    }

    @Test
    public void encodesRequestsAsItAlwaysDid() throws Exception {
        Coder<ViewRequest> coder = ViewRequestCoder.of();
        assertEncoded("0103662d3100000000", coder, ViewRequest.all("f-1", Kind.FLUSH));
        assertEncoded(
                "0103722d310101000000020161016200" + "00",
                coder,
                ViewRequest.ofKeys("r-1", Kind.REPAIR, List.of("a", "b")));
        assertEncoded(
                "0103742d3102000103" + hex(bytes("us/")) + "00", coder, ViewRequest.ofPrefix("t-1", Kind.TELL, "us/"));
        assertEncoded(
                "0103702d3103000001408f400000000000",
                coder,
                ViewRequest.all("p-1", Kind.PUBLISH).atMost(1_000));
        assertEncoded("0103722d3204000000", coder, ViewRequest.all("r-2", Kind.RENEW));
    }

    @Test
    public void encodesKeysAndTheirPagesAsItAlwaysDid() throws Exception {
        assertEncoded("01036b6579", KeyBytes.CODER, key("key"));
        assertThat(key("key").shard(1_024), is(580));
        MapInMemory<Long, byte[]> pages = new MapInMemory<>();

        new KeyPages(pages).put(7, List.of(key("a"), key("bc")));

        assertThat(hex(requireNonNull(pages.get(7L).read())), is("01016102" + hex(bytes("bc"))));
        assertThat(new KeyPages(pages).take(7), contains(key("a"), key("bc")));
        assertThat(pages.size(), is(0));
    }

    @Test
    public void encodesItemsAsItAlwaysDid() {
        KeyItems added = KeyItems.none();
        change(added, "west", Standing.added(100, bytes("/1")));
        added.tell();
        assertItems("0100c801" + "00" + "06" + name("west") + "00" + "022f31", added);
        change(added, "east", Standing.removed(90, 5));
        assertItems("0100c801" + "00" + "07" + name("east") + "14" + "05" + "06" + name("west") + "00022f31", added);
        added.setWaits();
        assertItems("0101c801" + "07" + name("east") + "14" + "05" + "06" + name("west") + "00022f31", added);
    }

    @Test
    public void encodesWhatWasToldAsItAlwaysDid() {
        KeyItems told = KeyItems.none();
        change(told, "", Standing.added(100, bytes("/1")));
        told.setWaits();
        told.tell();
        change(told, "", Standing.added(101, bytes("/1")));
        assertItems("0100ca01" + "02" + "0600" + "00022f31", told);
        assertThat(KeyItems.of(told.bytes()).versionToTell(), is(100L));
    }

    @Test
    public void encodesWhatAPublishSaysAsItAlwaysDid() {
        KeyItems items = KeyItems.none();
        change(items, "a", Standing.added(10, bytes("1")));
        change(items, "b", Standing.added(11, bytes("2")));
        items.publish(bytes("a"), bytes("1"), 3, LIMITS);
        items.publish(bytes("c"), bytes("3"), 3, LIMITS);
        items.tell();
        assertItems("010016" + "00" + "0e0161020131" + "03" + "06016200" + "0132" + "180163" + "03" + "0133", items);
        items.complete(3, 20, true, 7);
        assertItems("010028" + "12" + "050161000131" + "0401620007" + "050163000133", items);
    }

    private static void change(KeyItems items, String item, Standing standing) {
        items.change(bytes(item), standing, NO_PUBLISH, LIMITS);
    }

    private static String name(String item) {
        return "%02x".formatted(item.length()) + hex(bytes(item));
    }

    private static void assertItems(String hex, KeyItems items) {
        assertThat(hex(items.bytes()), is(hex));
        KeyItems read = KeyItems.of(items.bytes());
        assertThat(hex(read.bytes()), is(hex));
        assertThat(read.version(), is(items.version()));
        assertThat(read.waits(), is(items.waits()));
        assertThat(read.hasRemoved(), is(items.hasRemoved()));
        assertThat(
                read.values().stream().map(ViewCodersTest::hex).toList(),
                is(items.values().stream().map(ViewCodersTest::hex).toList()));
    }

    @Test
    public void encodesRoundsAsItAlwaysDid() throws IOException {
        String rest = "03662d31" + "408f400000000000" + "07" + "09" + "ac02" + "2a";
        int number = 0;
        for (Work work : List.of(Work.FLUSH, Work.REPAIR, Work.TELL, Work.COMPLETE, Work.FORGET, Work.RENEW)) {
            Round round = new Round(work, "f-1", 1_000, 7, 9, 300, 42);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            round.write(out);

            assertThat(hex(out.toByteArray()), is("%02x".formatted(number++) + rest));
            assertThat(Round.read(new ByteArrayInputStream(out.toByteArray())), is(round));
        }
        assertThat(Work.values().length, is(number));
    }

    @Test
    public void encodesTheStatusOfAShardAsItAlwaysDid() {
        assertThat(
                hex(new ShardStatus().bytes()),
                is("02000000000000" + "00" + MIN + "00" + "000001" + "00" + MIN + "00" + MIN + "000000"));
        ShardStatus status = new ShardStatus();
        status.timerAt = 9;
        status.takeAt = 19;
        status.stageAt = 29;
        status.tellAt = 99;
        status.forgetAt = 0;
        status.yieldsUntil = 11;
        status.generation = 3;
        status.generationVersion = -5;
        status.generationHasAll = true;
        status.received = 7;
        status.receivedAt = 6;
        status.expected = 8;
        status.completeGeneration = 2;
        status.completeVersion = 100;
        status.completeHasAll = true;
        status.allVersion = 50;
        status.keys = 1_000;
        status.nextPage = 300;
        status.listings.add(new Listing(Work.REPAIR, "r", 1, "p", 5));
        status.rounds.add(new Round(Work.TELL, "t", Double.POSITIVE_INFINITY, 298, 300, 0, 0));
        status.rounds.add(new Round(Work.FORGET, "", 1, 1, 2, 3, 4));
        String hex = "020a141e64010c" + "03" + "09" + "01" + "070610" + "02" + "c801" + "01" + "64" + "e807" + "ac02"
                + "0101" + "0172" + "3ff0000000000000" + "0170" + "05"
                + "0201747ff0000000000000aa02ac020000" + "04003ff000000000000001020304";

        assertThat(hex(status.bytes()), is(hex));
        ShardStatus read = ShardStatus.of(HexFormat.of().parseHex(hex));
        assertThat(hex(read.bytes()), is(hex));
        assertThat(
                List.of(
                        read.timerAt,
                        read.takeAt,
                        read.stageAt,
                        read.tellAt,
                        read.forgetAt,
                        read.yieldsUntil,
                        read.generation,
                        read.generationVersion,
                        read.received,
                        read.receivedAt),
                is(List.of(9L, 19L, 29L, 99L, 0L, 11L, 3L, -5L, 7L, 6L)));
        assertThat(
                List.of(
                        read.expected,
                        read.completeGeneration,
                        read.completeVersion,
                        read.allVersion,
                        read.keys,
                        read.nextPage),
                is(List.of(8L, 2L, 100L, 50L, 1_000L, 300L)));
        assertThat(List.of(read.generationHasAll, read.completeHasAll), is(List.of(true, true)));
        assertThat(read.listings, is(status.listings));
        assertThat(read.rounds, is(status.rounds));
    }

    @Test
    public void whatIsNotSetStaysSo() {
        ShardStatus read = ShardStatus.of(new ShardStatus().bytes());
        assertThat(
                List.of(read.timerAt, read.takeAt, read.tellAt, read.forgetAt),
                is(Collections.nCopies(4, ShardStatus.NEVER)));
        assertThat(
                List.of(read.generationVersion, read.completeVersion, read.allVersion),
                is(List.of(NO_PUBLISH, NO_PUBLISH, NO_PUBLISH)));
        assertThat(read.hasAllCome(), is(false));
        assertThat(hex(ShardStatus.of(null).bytes()), is(hex(new ShardStatus().bytes())));
        assertThat(hex(PublishProgress.of(null).bytes()), is(hex(new PublishProgress().bytes())));
        assertThat(PublishProgress.of(new PublishProgress().bytes()).isDue(0), is(true));
    }

    @Test
    public void encodesHowFarAPublishIsAsItAlwaysDid() {
        assertThat(
                hex(new PublishProgress().bytes()),
                is("010000" + NEVER + "00" + "00" + NEVER + "000000" + "00".repeat(1_024)));
        PublishProgress progress = new PublishProgress();
        progress.generation = 2;
        progress.isReading = true;
        progress.isRequested = true;
        progress.nextAt = 300;
        progress.version = -1;
        progress.cursor = "7";
        progress.failsSince = 5;
        progress.attempts = 3;
        progress.entries = 300;
        progress.refused = 1;
        progress.ofShards[1] = 300;
        progress.ofShards[1_023] = 2;
        String hex = "010203ac02" + "01" + "0137" + "05" + "03" + "ac02" + "01" + "00ac02" + "00".repeat(1_021) + "02";

        assertThat(hex(progress.bytes()), is(hex));
        PublishProgress read = PublishProgress.of(HexFormat.of().parseHex(hex));
        assertThat(hex(read.bytes()), is(hex));
        assertThat(
                List.of(read.generation, read.nextAt, read.version, read.failsSince, read.entries, read.refused),
                is(List.of(2L, 300L, -1L, 5L, 300L, 1L)));
        assertThat(List.of(read.isReading, read.isRequested), is(List.of(true, true)));
        assertThat(read.cursor, is("7"));
        assertThat(read.attempts, is(3));
        assertThat(read.ofShards[1], is(300L));
    }

    @Test
    public void sendsToShardsAsItAlwaysDid() throws IOException {
        String put = "026b31" + "01" + "69" + "c801" + "01" + "0176" + "0165";
        String removed = "026b31" + "00" + "01" + "00" + "0165";
        Batches changes = ShardMessage.changes();
        List<String> sent = new ArrayList<>();
        Batches.Leaving leaving =
                (shard, batch, earliest) -> sent.add(shard + " " + earliest.getMillis() + " " + hex(batch));
        changes.add(
                5,
                new Instant(20),
                out -> ShardMessage.write(key("k1"), bytes("i"), 100, bytes("v"), bytes("e"), out),
                leaving);
        changes.add(
                5,
                new Instant(10),
                out -> ShardMessage.write(key("k1"), bytes(""), -1, null, bytes("e"), out),
                leaving);
        changes.leaveAll(leaving);
        Batches entries = ShardMessage.entries(300);
        entries.add(
                6,
                new Instant(1),
                out -> ShardMessage.write(key("k1"), bytes("i"), bytes("v"), bytes("e"), out),
                leaving);
        entries.leaveAll(leaving);

        assertThat(sent, contains("5 10 00" + put + removed, "6 1 01ac02" + "026b31" + "0169" + "0176" + "0165"));
        assertThat(read("00" + put + removed), contains("change k1 i 100 v e", "change k1  -1 null e"));
        assertThat(read("01ac02026b31016901760165"), contains("entries of 300", "entry 300 k1 i v e"));
        assertThat(hex(ShardMessage.complete(300, -1, 7, true)), is("02ac02010701"));
        assertThat(read("02ac02010701"), contains("complete 300 -1 7 true"));
        assertThat(read("02ac02010700"), contains("complete 300 -1 7 false"));
        String request = "03" + "0103662d3100000000";
        assertThat(hex(ShardMessage.request(ViewRequest.all("f-1", Kind.FLUSH))), is(request));
        assertThat(read(request), contains("request f-1"));
    }

    private static List<String> read(String hex) throws IOException {
        List<String> taken = new ArrayList<>();
        ShardMessage.read(HexFormat.of().parseHex(hex), new ShardMessage.Taker() {
            @Override
            public void changes(byte[] batch) {
                ShardMessage.readAside(batch, aside(taken));
            }

            @Override
            public void entries(long generation, byte[] batch) {
                taken.add("entries of " + generation);
                ShardMessage.readAside(batch, aside(taken));
            }

            @Override
            public void complete(long generation, long version, long entries, boolean hasAll) {
                taken.add("complete " + generation + " " + version + " " + entries + " " + hasAll);
            }

            @Override
            public void request(ViewRequest request) {
                taken.add("request " + request.id());
            }
        });
        return taken;
    }

    private static ShardMessage.AsideTaker aside(List<String> taken) {
        return new ShardMessage.AsideTaker() {
            @Override
            public void change(KeyBytes key, byte[] item, long version, byte @Nullable [] value, byte[] event) {
                taken.add("change " + text(key.bytes()) + " " + text(item) + " " + version + " " + text(value) + " "
                        + text(event));
            }

            @Override
            public void entry(long generation, KeyBytes key, byte[] item, byte[] value, byte[] entry) {
                taken.add("entry " + generation + " " + text(key.bytes()) + " " + text(item) + " " + text(value) + " "
                        + text(entry));
            }
        };
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    @Test
    public void decodesWhatItEncoded() throws Exception {
        for (Cause cause : Cause.values()) {
            CoderProperties.coderDecodeEncodeEqual(UPDATES, new ViewUpdate<>(Long.MAX_VALUE, List.of(""), cause));
        }
        for (Kind kind : Kind.values()) {
            CoderProperties.coderDecodeEncodeEqual(ViewRequestCoder.of(), ViewRequest.ofKeys("a", kind, List.of()));
            CoderProperties.coderDecodeEncodeEqual(
                    ViewRequestCoder.of(), ViewRequest.ofPrefix("a", kind, "").atMost(Double.POSITIVE_INFINITY));
        }
        for (Reason reason : Reason.values()) {
            CoderProperties.coderDecodeEncodeEqual(REFUSED, new Refused<>("event", reason, "why"));
        }
        for (Coder<?> coder : List.of(UPDATES, ANSWERS, REFUSED, ViewRequestCoder.of(), KeyBytes.CODER)) {
            CoderProperties.coderSerializable((Coder<?>) coder);
            coder.verifyDeterministic();
        }
    }

    @Test
    public void isDeterministicWhereItsPartsAre() {
        for (Coder<?> coder : List.of(
                ViewUpdateCoder.of(DoubleCoder.of()),
                ViewAnswerCoder.of(DoubleCoder.of()),
                RefusedCoder.of(DoubleCoder.of()))) {
            assertThrows(NonDeterministicException.class, coder::verifyDeterministic);
        }
    }

    @Test
    public void refusesAnotherVersion() {
        assertRefused("view update must be of version 1, but was of version 2", UPDATES);
        assertRefused("view answer must be of version 1, but was of version 2", ANSWERS);
        assertRefused("view request must be of version 1, but was of version 2", ViewRequestCoder.of());
        assertRefused("refused must be of version 1, but was of version 2", REFUSED);
        assertRefused("key must be of version 1, but was of version 2", KeyBytes.CODER);
        byte[] other = {2};
        MapInMemory<Long, byte[]> pages = new MapInMemory<>();
        pages.put(7L, other);
        assertRefused("items must be of version 1, but was of version 2", () -> KeyItems.of(other));
        assertRefused("status must be of version 2, but was of version 3", () -> ShardStatus.of(new byte[] {3}));
        assertRefused("publish must be of version 1, but was of version 2", () -> PublishProgress.of(other));
        assertRefused("page of keys must be of version 1, but was of version 2", () -> new KeyPages(pages).take(7));
        IOException message = assertThrows(IOException.class, () -> read("04"));
        assertThat(message.getMessage(), is("a message must be of a known kind, but was of 4"));
    }

    private static void assertRefused(String message, Coder<?> coder) {
        CoderException failure =
                assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(coder, new byte[] {2}));
        assertThat(failure.getMessage(), is(message));
    }

    private static void assertRefused(String message, ThrowingRunnable reading) {
        UncheckedIOException failure = assertThrows(UncheckedIOException.class, reading);
        assertThat(requireNonNull(failure.getCause()).getMessage(), is(message));
    }
}
