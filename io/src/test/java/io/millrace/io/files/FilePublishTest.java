package io.millrace.io.files;

import static io.millrace.io.publish.Readings.entries;
import static io.millrace.io.publish.Readings.page;
import static io.millrace.io.publish.Readings.texts;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.millrace.io.publish.Readings;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.view.FullPublish;
import io.millrace.transforms.view.FullPublish.BrokenOffException;
import io.millrace.transforms.view.FullPublish.Page;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FilePublishTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path root;

    @Before
    public void nameTheFolder() {
        root = folder.getRoot().toPath();
    }

    private Path write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, name.endsWith(".gz") ? compressed(text) : text.getBytes(UTF_8));
    }

    /** In two parts, as where one file was appended to another. */
    private static byte[] compressed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int half = text.length() / 2;
        for (String part : List.of(text.substring(0, half), text.substring(half))) {
            try (OutputStream out = new GZIPOutputStream(bytes)) {
                out.write(part.getBytes(UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    /** Pages of so many lines. */
    private record Paged(String path, int lines, int bytes, int longestLine) implements FullPublish<Event> {
        static Paged of(Path path, int lines) {
            return new Paged(path.toString(), lines, Integer.MAX_VALUE, FilePublish.LONGEST_LINE);
        }

        @Override
        public Reader<Event> open() {
            return new FilePages(path, lines, bytes, longestLine);
        }
    }

    private static String failure(FullPublish<Event> publish, String cursor) {
        IOException failure = assertThrows(IOException.class, () -> page(publish, cursor));
        assertThat(failure, is(not(instanceOf(BrokenOffException.class))));
        return failure.getMessage();
    }

    private static String brokenOff(FullPublish<Event> publish, String cursor) {
        return assertThrows(BrokenOffException.class, () -> page(publish, cursor))
                .getMessage();
    }

    @Test
    public void readsAFileInPages() throws Exception {
        Path file = write("assets.jsonl", "{\"id\": 1}\r\n\n \t\r\n2\nnull\n{");
        Files.setLastModifiedTime(file, FileTime.from(NOON));
        Paged publish = Paged.of(file, 2);
        Page<Event> first = page(publish, FullPublish.BEGINNING);
        Page<Event> second = page(publish, first.next());
        Page<Event> third = page(publish, second.next());

        assertThat(entries(first), contains(file + ":0 {\"id\": 1}", file + ":16 2"));
        assertThat(first.version(), is(NOON.toEpochMilli()));
        assertThat(entries(second), contains(file + ":18 null", file + ":23 {"));
        assertThat(second.version(), is(nullValue()));
        assertThat(third.entries(), is(empty()));
        assertThat(third.next(), is(nullValue()));
    }

    @Test
    public void severalFilesAreOnePublishInTheOrderOfTheirNames() throws Exception {
        Path newest = write("all/b/1.jsonl.gz", "3\n4\n");
        write("all/c.jsonl", "5");
        write("all/a.jsonl", "1\n2\n");
        write("all/_hidden.jsonl", "x");
        Files.setLastModifiedTime(root.resolve("all/a.jsonl"), FileTime.from(NOON.minusSeconds(2)));
        Files.setLastModifiedTime(root.resolve("all/c.jsonl"), FileTime.from(NOON.minusSeconds(1)));
        Files.setLastModifiedTime(newest, FileTime.from(NOON));
        Page<Event> all = page(new FilePublish(root + "/all"), FullPublish.BEGINNING);

        String at = root + "/all/";
        assertThat(
                entries(all),
                contains(
                        at + "a.jsonl:0 1",
                        at + "a.jsonl:2 2",
                        at + "b/1.jsonl.gz:0 3",
                        at + "b/1.jsonl.gz:2 4",
                        at + "c.jsonl:0 5"));
        assertThat(all.version(), is(NOON.toEpochMilli()));
        assertThat(all.next(), is(nullValue()));
        assertThat(Readings.all(new FilePublish(root + "/all/*.jsonl")), contains("1", "2", "5"));
        assertThat(Readings.all(new FilePublish("file://" + root + "/all/c.jsonl")), contains("5"));
    }

    @Test
    public void anEmptyFileIsCompleteAndHasNoEntries() throws Exception {
        for (String name : List.of("empty.jsonl", "empty.jsonl.gz")) {
            Page<Event> page = page(new FilePublish(write(name, "").toString()), FullPublish.BEGINNING);

            assertThat(page.entries(), is(empty()));
            assertThat(page.next(), is(nullValue()));
        }
    }

    @Test
    public void aPageEndsWithTheLineThatFillsIt() throws Exception {
        String line = "\"" + "x".repeat(400_000) + "\"\n";
        Path file = write("assets.jsonl", line.repeat(4) + "1\n".repeat(FilePublish.LINES_A_PAGE + 1));
        List<Integer> sizes = new ArrayList<>();
        try (FullPublish.Reader<Event> reader = new FilePublish(file.toString()).open()) {
            for (String cursor = FullPublish.BEGINNING; cursor != null; ) {
                Page<Event> page = reader.read(cursor);
                sizes.add(page.entries().size());
                cursor = page.next();
            }
        }

        assertThat(sizes, contains(3, FilePublish.LINES_A_PAGE, 2));
    }

    @Test
    public void readersThatComeAndGoGiveAllEntriesInOrder() throws Exception {
        Random random = new Random(1);
        for (int round = 0; round < 150; round++) {
            Path all = root.resolve("round" + round);
            List<String> expected = new ArrayList<>();
            int files = 1 + random.nextInt(4);
            for (int i = 0; i < files; i++) {
                String name = "round" + round + "/" + i + (random.nextBoolean() ? ".jsonl" : ".jsonl.gz");
                write(name, text(root + "/" + name, random, expected));
            }
            Paged publish = new Paged(all.toString(), 1 + random.nextInt(6), 1 + random.nextInt(60), 1_000);

            assertThat(
                    "round " + round,
                    Readings.entriesThroughRestarts(SerializableUtils.clone(publish), random),
                    is(expected));
        }
    }

    /** Lines of all sorts, and what is expected of them. */
    private static String text(String path, Random random, List<String> expected) {
        StringBuilder text = new StringBuilder();
        int lines = random.nextInt(12);
        for (int i = 0; i < lines; i++) {
            String line = random.nextInt(4) == 0 ? "" : "x".repeat(1 + random.nextInt(40));
            if (!line.isEmpty()) {
                expected.add(path + ":" + text.length() + " " + line);
            }
            boolean isWithoutEnd = i == lines - 1 && random.nextBoolean();
            text.append(line).append(isWithoutEnd ? "" : random.nextBoolean() ? "\n" : "\r\n");
        }
        return text.toString();
    }

    @Test
    public void linesLongerThanABufferAreReadOnAnywhere() throws Exception {
        String line = "\"" + "x".repeat(200_000) + "\"";
        for (String name : List.of("long.jsonl", "long.jsonl.gz")) {
            Path file = write(name, (line + "\n").repeat(3));
            Paged publish = Paged.of(file, 1);

            assertThat(
                    Readings.entriesThroughRestarts(publish, new Random(2)),
                    contains(file + ":0 " + line, file + ":200003 " + line, file + ":400006 " + line));
        }
    }

    @Test
    public void whatIsChangedBetweenTwoPagesIsBrokenOff() throws Exception {
        assertBrokenOff(file -> Files.writeString(file, "4\n", StandardOpenOption.APPEND));
        assertBrokenOff(file -> Files.writeString(file, "1\n"));
        assertBrokenOff(file -> Files.setLastModifiedTime(file, FileTime.from(NOON.plusNanos(1_000))));
        assertBrokenOff(file -> Files.writeString(file.resolveSibling("b.jsonl"), "4\n"));
        assertBrokenOff(file -> Files.move(file, file.resolveSibling("b.jsonl")));
        assertBrokenOff(Files::delete);
        assertBrokenOff(file -> {
            Path other = Files.writeString(root.resolve("other"), "3\n2\n1\n");
            Files.setLastModifiedTime(other, FileTime.from(NOON));
            Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        });
    }

    /** Something that changes a file, or the folder in which it lies. */
    private interface Change {
        void to(Path file) throws IOException;
    }

    private void assertBrokenOff(Change change) throws Exception {
        Path all = folder.newFolder().toPath();
        Path file = Files.writeString(all.resolve("a.jsonl"), "1\n2\n3\n");
        Files.setLastModifiedTime(file, FileTime.from(NOON));
        Paged publish = Paged.of(all, 1);
        try (FullPublish.Reader<Event> reader = publish.open()) {
            String cursor = reader.read(FullPublish.BEGINNING).next();
            assertThat(texts(reader.read(cursor)), contains("2"));
            change.to(file);
            String message = all + " cannot be gone on with: its files are others than at the beginning";

            assertThat(
                    assertThrows(BrokenOffException.class, () -> reader.read(cursor))
                            .getMessage(),
                    is(message));
            assertThat(brokenOff(publish, cursor), is(message));
        }
    }

    /** Somebody changes the file all the time. */
    @Test
    public void whatIsChangedWhileTheLastPageIsReadIsBrokenOff() throws Exception {
        Path file = write("assets.jsonl", "1\n".repeat(500));
        FilePublish publish = new FilePublish(file.toString());
        AtomicBoolean isOver = new AtomicBoolean();
        CompletableFuture<Void> changing = CompletableFuture.runAsync(() -> {
            for (int i = 0; !isOver.get(); i++) {
                touch(file, NOON.plusMillis(i));
            }
        });
        try {
            waitUntil("it is broken off", () -> isBrokenOff(publish));
        } finally {
            isOver.set(true);
            changing.join();
        }

        assertThat(isBrokenOff(publish), is(false));
    }

    private static boolean isBrokenOff(FilePublish publish) throws IOException, InterruptedException {
        try {
            page(publish, FullPublish.BEGINNING);
            return false;
        } catch (BrokenOffException e) {
            return true;
        }
    }

    private static void touch(Path file, Instant time) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(time));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    public void aPathThatLeadsToNothingFails() throws Exception {
        Path none = root.resolve("none.jsonl");
        assertThat(
                failure(new FilePublish(none.toString()), FullPublish.BEGINNING),
                is("path must lead to at least one file, but was " + none));
        assertThat(
                failure(new FilePublish(root.toString()), FullPublish.BEGINNING),
                is("path must lead to at least one file, but was " + root));
        assertThat(
                failure(new FilePublish(root + "/*.jsonl"), FullPublish.BEGINNING),
                is("path must lead to at least one file, but was " + root + "/*.jsonl"));
    }

    @Test
    public void aFileThatIsNotWholeFails() throws Exception {
        Path cut = root.resolve("cut.gz");
        byte[] whole = compressed("1\n2\n");
        Files.write(cut, Arrays.copyOf(whole, whole.length - 3));
        assertThat(
                failure(new FilePublish(cut.toString()), FullPublish.BEGINNING),
                is("file " + cut + " must be whole, but it ends too early"));
        Path plain = Files.writeString(root.resolve("plain.gz"), "1\n2\n");
        assertThat(
                failure(new FilePublish(plain.toString()), FullPublish.BEGINNING),
                startsWith("file " + plain + " must be compressed with gzip, but "));
    }

    @Test
    public void aLineThatIsTooLongFails() throws Exception {
        Path file = write("assets.jsonl", "1\n" + "x".repeat(10) + "\n" + "x".repeat(11) + "\n");
        Paged publish = new Paged(file.toString(), 2, Integer.MAX_VALUE, 10);
        Page<Event> first = page(publish, FullPublish.BEGINNING);

        assertThat(texts(first), contains("1", "x".repeat(10)));
        assertThat(
                failure(publish, first.next()),
                is("file " + file + " cannot be read: the line at byte 13 must have at most 10 bytes"));
    }

    @Test
    public void aReaderThatFailedReadsOn() throws Exception {
        Path file = write("assets.jsonl", "1\n2\n3\n");
        try (FullPublish.Reader<Event> reader = Paged.of(file, 1).open()) {
            String second = reader.read(FullPublish.BEGINNING).next();
            String third = reader.read(second).next();
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> reader.read(third));
            assertThat(Thread.currentThread().isInterrupted(), is(false));

            assertThat(texts(reader.read(third)), contains("3"));
            assertThat(texts(reader.read(second)), contains("2"));
        }
    }

    @Test
    public void aCursorThatCannotBeReadIsBrokenOff() throws Exception {
        Path file = write("assets.jsonl", "1\n2\n");
        Paged publish = Paged.of(file, 1);
        String cursor = page(publish, FullPublish.BEGINNING).next();
        String said = file + " cannot be gone on with: its cursor ";

        assertThat(cursor, startsWith("1:"));
        assertThat(cursor.length(), is("1::0:2".length() + 32));
        assertThat(
                brokenOff(publish, "2:0"),
                is(said + "must begin with '1:', which this release reads and writes, but was '2:0'"));
        assertThat(brokenOff(publish, "1:"), is(said + "cannot be read, '1:'"));
        assertThat(brokenOff(publish, cursor + ":"), is(said + "cannot be read, '" + cursor + ":'"));
        assertThat(brokenOff(publish, "1:a:0:-1"), is(said + "cannot be read, '1:a:0:-1'"));
    }

    @Test
    public void saysWhichPathIsOfTheMachinesOwn() {
        assertThat(new FilePublish("data/assets.jsonl").localPath(), is(Optional.of("data/assets.jsonl")));
        assertThat(new FilePublish("s3://lake/assets").localPath(), is(Optional.empty()));
        assertThat(new FilePublish("data/assets.jsonl").place(), is("data/assets.jsonl"));
        assertThat(
                assertThrows(IllegalArgumentException.class, () -> new FilePublish(""))
                        .getMessage(),
                is("path must not be empty"));
    }
}
