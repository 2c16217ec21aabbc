package io.millrace.io.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.millrace.io.files.FilesStream.Mark;
import io.millrace.transforms.event.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a stream of files gives, and gives again after a failure; over plain files of which one has two ranges, an empty one and a compressed one. */
public class FilesStreamTest {
    private static final PipelineOptions OPTIONS = PipelineOptionsFactory.create();
    private static final int LONG_LINES = 5;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<String> lines = new ArrayList<>();

    @Before
    public void writeFiles() throws IOException {
        FileSystems.setDefaultPipelineOptions(OPTIONS);
        write("few.jsonl", texts("few", 3));
        write("none.jsonl", List.of());
        write("long.jsonl", texts("x".repeat(1 << 20), LONG_LINES));
        List<String> compressed = texts("compressed", 4);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path("other.jsonl.gz")))) {
            out.write(text(compressed));
        }
        lines.addAll(compressed);
    }

    private static List<String> texts(String text, int count) {
        return IntStream.range(0, count).mapToObj(i -> text + " " + i).toList();
    }

    private static byte[] text(List<String> lines) {
        return String.join("\r\n\n", lines).getBytes(UTF_8);
    }

    private void write(String name, List<String> content) throws IOException {
        Files.write(path(name), text(content));
        lines.addAll(content);
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private FilesStream stream() {
        return FilesStream.of(new FilesSource(new FileSource(folder.getRoot().toString())));
    }

    @Test
    public void partsGiveEachLineOnceHoweverManyThereAre() throws Exception {
        for (int count = 1; count <= 7; count++) {
            List<FilesStream> parts = stream().split(count, OPTIONS);
            List<String> read = new ArrayList<>();
            for (FilesStream part : parts) {
                read.addAll(readAll(part, null));
            }

            assertThat(parts, hasSize(count));
            assertThat(read, containsInAnyOrder(lines.toArray()));
        }
    }

    @Test
    public void goesOnBehindTheLastLineOfACheckpoint() throws Exception {
        FilesStream all = stream().split(1, OPTIONS).get(0);

        for (int before = 0; before <= lines.size(); before++) {
            UnboundedReader<Event> reader = all.createReader(OPTIONS, null);
            List<String> read = read(reader, before);
            Mark mark = (Mark) reader.getCheckpointMark();
            reader.close();
            read.addAll(readAll(all, CoderUtils.clone(all.getCheckpointMarkCoder(), mark)));

            assertThat("after " + before, read, containsInAnyOrder(lines.toArray()));
        }
    }

    @Test
    public void theWatermarkWaitsUntilEverythingIsRead() throws Exception {
        try (UnboundedReader<Event> reader = stream().split(1, OPTIONS).get(0).createReader(OPTIONS, null)) {
            assertThat(reader.getWatermark(), is(BoundedWindow.TIMESTAMP_MIN_VALUE));
            assertThat(read(reader, lines.size()), hasSize(lines.size()));
            assertThat(reader.getWatermark(), is(BoundedWindow.TIMESTAMP_MIN_VALUE));
            assertThat(reader.advance(), is(false));
            assertThat(reader.getWatermark(), is(BoundedWindow.TIMESTAMP_MAX_VALUE));
            assertThat(reader.advance(), is(false));
            assertThat(readAll(stream().split(1, OPTIONS).get(0), (Mark) reader.getCheckpointMark()), empty());
        }
    }

    private static List<String> readAll(FilesStream part, Mark mark) throws IOException {
        try (UnboundedReader<Event> reader = part.createReader(OPTIONS, mark)) {
            return read(reader, Integer.MAX_VALUE);
        }
    }

    private static List<String> read(UnboundedReader<Event> reader, int most) throws IOException {
        List<String> read = new ArrayList<>();
        while (read.size() < most && (read.isEmpty() ? reader.start() : reader.advance())) {
            read.add(new String(reader.getCurrent().value(), UTF_8));
        }
        return read;
    }
}
