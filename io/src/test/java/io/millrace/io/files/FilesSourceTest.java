package io.millrace.io.files;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.SourceTestUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FilesSourceTest {
    private static final PipelineOptions OPTIONS = PipelineOptionsFactory.create();
    private static final String TEXT = "a\n\nbcd\r\n\r\nefghij\n\n\nk\r\nlast";

    @Rule
    public final TemporaryFolder folders = new TemporaryFolder();

    @BeforeClass
    public static void registerFileSystems() {
        FileSystems.setDefaultPipelineOptions(OPTIONS);
    }

    @Test
    public void rangesOfAnySizeGiveEachLineOnce() throws Exception {
        FilesSource source = sourceOf(TEXT);

        for (int size = 1; size <= TEXT.length(); size++) {
            assertThat("ranges of " + size, readAll(source.split(size, OPTIONS)), is(expected(TEXT)));
        }
        assertThat(readAll(List.of(source)), is(expected(TEXT)));
    }

    @Test
    public void whatWasFoundIsSplitWithoutAnotherLook() throws Exception {
        Path folder = folders.newFolder().toPath();
        Files.writeString(folder.resolve("first.jsonl"), TEXT);

        FilesSource found = SerializableUtils.clone(new FilesSource(new FileSource(folder.toString())).found(OPTIONS));

        Files.writeString(folder.resolve("second.jsonl"), "late");
        assertThat(readAll(found.split(1, OPTIONS)), is(expected(TEXT)));
        assertThat(found.getEstimatedSizeBytes(OPTIONS), is((long) TEXT.length()));
    }

    @Test
    public void aRangeThatIsBeingReadCanBeSplitAnywhere() throws Exception {
        FilesSource source = sourceOf(TEXT);

        for (BoundedSource<Event> range : source.split(Long.MAX_VALUE, OPTIONS)) {
            SourceTestUtils.assertSplitAtFractionExhaustive(range, OPTIONS);
        }
    }

    @Test
    public void linesLongerThanTheBufferAreWhole() throws Exception {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < 12; line++) {
            text.append("x".repeat(random.nextInt(200_000))).append(random.nextBoolean() ? "\n" : "\r\n");
        }

        assertThat(readAll(sourceOf(text.toString()).split(10_000, OPTIONS)), is(expected(text.toString())));
    }

    @Test
    public void namesTheCompressedFileThatIsBroken() throws Exception {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(whole)) {
            out.write(TEXT.getBytes(StandardCharsets.UTF_8));
        }

        assertBroken("cut.gz", Arrays.copyOf(whole.toByteArray(), whole.size() - 12), "it ends too early");
        assertBroken("empty.gz", new byte[0], "it ends too early");
        assertBroken("plain.gz", TEXT.getBytes(StandardCharsets.UTF_8), "Not in GZIP format");
    }

    private void assertBroken(String name, byte[] content, String reason) throws Exception {
        Path file = Files.write(folders.getRoot().toPath().resolve(name), content);
        FilesSource source = new FilesSource(new FileSource(file.toString()));

        IOException failure = assertThrows(IOException.class, () -> readAll(List.of(source)));

        assertThat(
                failure.getMessage(),
                endsWith("file " + file + " must be whole and compressed with gzip, but " + reason));
    }

    private FilesSource sourceOf(String text) throws Exception {
        Path file = folders.newFile().toPath();
        Files.writeString(file, text);
        return new FilesSource(new FileSource(file.toString()));
    }

    private static List<String> readAll(List<? extends BoundedSource<Event>> sources) throws Exception {
        List<String> lines = new ArrayList<>();
        for (BoundedSource<Event> source : sources) {
            for (Event event : SourceTestUtils.readFromSource(source, OPTIONS)) {
                Origin origin = event.id().origin();
                lines.add(origin.offset() + ":" + new String(event.value(), StandardCharsets.UTF_8));
            }
        }
        return lines;
    }

    private static List<String> expected(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            String line = text.substring(start, end < 0 ? text.length() : end);
            String stripped = end >= 0 && line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (!stripped.isEmpty()) {
                lines.add(start + ":" + stripped);
            }
            start = end < 0 ? text.length() : end + 1;
        }
        return lines;
    }
}
