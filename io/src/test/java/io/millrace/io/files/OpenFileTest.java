package io.millrace.io.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Of a file of which there is less or more than its listing says. */
public class OpenFileTest {
    private static final String LINE = "{\"id\":1}\n";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String whatIsSaidOf(String name, byte[] bytes, long listed, long position) throws IOException {
        Path file = Files.write(folder.getRoot().toPath().resolve(name), bytes);
        Metadata metadata = Metadata.builder()
                .setResourceId(FileSystems.matchNewResource(file.toString(), false))
                .setSizeBytes(listed)
                .setIsReadSeekEfficient(true)
                .build();
        FoundFile found = new FoundFile(metadata, "", name);
        try (OpenFile open = OpenFile.at(found, new FileCursor("", 0, position), 100)) {
            assertThat(new String(open.next().value(), UTF_8), is(LINE.strip()));
            return assertThrows(IOException.class, open::next).getMessage();
        }
    }

    @Test
    public void halfOfAFileIsNotTakenForTheWhole() throws Exception {
        byte[] plain = LINE.getBytes(UTF_8);
        assertThat(
                whatIsSaidOf("a.jsonl", plain, 20, 0),
                is("file a.jsonl cannot be read: it must be read whole, but of 20 bytes there were 9"));
        assertThat(
                whatIsSaidOf("a.jsonl", (LINE + LINE).getBytes(UTF_8), 9, 9),
                is("file a.jsonl cannot be read: it must be read whole, but of 9 bytes there were 18"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        assertThat(
                whatIsSaidOf("a.jsonl.gz", bytes.toByteArray(), 99, 0),
                is("file a.jsonl.gz cannot be read: it must be read whole, but of 99 bytes there were "
                        + bytes.size()));
    }
}
