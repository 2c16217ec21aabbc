package io.millrace.io.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.s3.S3Settings;
import io.millrace.io.source.Originals;
import io.millrace.testfixtures.s3.S3Rule;
import io.millrace.transforms.event.Origin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Lines are read again where they were; those that are gone are nothing, wherever the files are. */
public class FileOriginalsTest {
    private static final String TEXT = "first\nsecond\n";
    private static final int SECOND = 6;
    private static final String NONE = "none";

    @Rule
    public final S3Rule s3 = new S3Rule();

    @Rule
    public final TemporaryFolder folders = new TemporaryFolder();

    @Before
    public void registerFileSystems() {
        PipelineOptions options = PipelineOptionsFactory.create();
        new S3Settings("us-east-1", s3.server().endpoint()).setIn(options);
        FileSystems.setDefaultPipelineOptions(options);
    }

    @Test
    public void readsALineOfAFileOfAFolderAndOfAGlob() throws IOException {
        write("plays/a.jsonl", TEXT);

        assertThat(line(path("plays/a.jsonl"), "a.jsonl", SECOND), is("second"));
        assertThat(line(path("plays"), "a.jsonl", SECOND), is("second"));
        assertThat(line(path("plays/*.jsonl"), "a.jsonl", 0), is("first"));
    }

    @Test
    public void readsAFileThatIsNamedAsItsFolder() throws IOException {
        write("plays/plays", TEXT);

        assertThat(line(path("plays"), "plays", SECOND), is("second"));
        assertThat(line(path("plays/plays"), "plays", SECOND), is("second"));
    }

    @Test
    public void aFileThatIsGoneHasNoLine() throws IOException {
        write("plays/a.jsonl", TEXT);

        assertThat(line(path("plays"), "b.jsonl", 0), is(NONE));
        assertThat(line(path("plays/a.jsonl"), "b.jsonl", 0), is(NONE));
    }

    @Test
    public void aFileThatBecameShorterHasNoLine() throws IOException {
        write("plays/a.jsonl", "short\n");
        Files.write(path("plays/a.jsonl.gz"), gzip("short\n"));

        assertThat(line(path("plays"), "a.jsonl", SECOND), is(NONE));
        assertThat(line(path("plays"), "a.jsonl", 100), is(NONE));
        assertThat(line(path("plays"), "a.jsonl.gz", 100), is(NONE));
    }

    @Test
    public void readsALineOfAnObject() throws IOException {
        String bucket = s3.bucket("lake");
        Files.writeString(s3.server().folder(bucket).resolve("a.jsonl"), TEXT);
        Files.write(s3.server().folder(bucket).resolve("b.jsonl.gz"), gzip(TEXT));

        assertThat(lineOfObject(bucket, "a.jsonl", SECOND), is("second"));
        assertThat(lineOfObject(bucket, "b.jsonl.gz", SECOND), is("second"));
    }

    @Test
    public void anObjectThatIsGoneOrBecameShorterHasNoLine() throws IOException {
        String bucket = s3.bucket("lake");
        Files.writeString(s3.server().folder(bucket).resolve("a.jsonl"), "short\n");

        assertThat(lineOfObject(bucket, "b.jsonl", 0), is(NONE));
        assertThat(lineOfObject(bucket, "a.jsonl", SECOND), is(NONE));
        assertThat(lineOfObject(bucket, "a.jsonl", 100), is(NONE));
    }

    @Test
    public void anObjectThatMayNotBeReadFails() {
        String bucket = s3.bucket("lake");
        System.setProperty("aws.secretAccessKey", "wrong");
        registerFileSystems();

        Exception failure = assertThrows(Exception.class, () -> lineOfObject(bucket, "a.jsonl", 0));

        assertThat(failure.toString(), containsString("403"));
    }

    @Test
    public void aSourceWithAStreamHasItsOwnLinesAlone() throws IOException {
        write("in/a.jsonl", "1\n");
        try (Originals.Reader reader = FileEvents.originals(
                        new FileSource(path("in").toString(), "plays"))
                .open()) {
            assertThat(reader.has(new Origin("plays/a.jsonl", 0, 0)), is(true));
            assertThat(reader.event(new Origin("plays/a.jsonl", 0, 0)).isPresent(), is(true));
            assertThat(reader.has(new Origin("a.jsonl", 0, 0)), is(false));
            assertThat(reader.event(new Origin("a.jsonl", 0, 0)).isPresent(), is(false));
        }
    }

    private String lineOfObject(String bucket, String stream, long offset) throws IOException {
        return line("s3://" + bucket, stream, offset);
    }

    private static String line(Path source, String stream, long offset) throws IOException {
        return line(source.toString(), stream, offset);
    }

    private static String line(String source, String stream, long offset) throws IOException {
        try (Originals.Reader reader =
                FileEvents.originals(new FileSource(source)).open()) {
            return reader.event(new Origin(stream, 0, offset))
                    .map(event -> new String(event.value(), UTF_8))
                    .orElse(NONE);
        }
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(path(name).getParent());
        Files.writeString(path(name), text);
    }

    private Path path(String name) {
        return folders.getRoot().toPath().resolve(name);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }
}
