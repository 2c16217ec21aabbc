package io.millrace.io.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import io.millrace.io.table.JsonTable;
import io.millrace.transforms.enricher.LookupTable.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FileTableTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path file;
    private JsonTable table;

    @Before
    public void nameAFile() {
        file = folder.getRoot().toPath().resolve("videos [1].jsonl");
        table = new JsonTable("id", new FileTable(file.toString()));
    }

    private static String row(Loaded<String, byte[]> loaded, String key) {
        return new String(loaded.table().get(key), UTF_8);
    }

    @Test
    public void readsAFileAndNotAgainBeforeItIsAnother() throws Exception {
        Files.writeString(file, "{\"id\":1,\"title\":\"Alien\"}\n");
        Loaded<String, byte[]> first = table.load("").orElseThrow();
        assertThat(row(first, "1"), is("{\"id\":1,\"title\":\"Alien\"}"));
        assertThat(table.load(first.version()), is(Optional.empty()));

        FileTime time = Files.getLastModifiedTime(file);
        Path other = folder.getRoot().toPath().resolve("other");
        Files.writeString(other, "{\"id\":1,\"title\":\"Alias\"}\n");
        Files.setLastModifiedTime(other, time);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        Loaded<String, byte[]> second = table.load(first.version()).orElseThrow();

        assertThat(row(second, "1"), is("{\"id\":1,\"title\":\"Alias\"}"));
        assertThat(second.version(), is(not(first.version())));
    }

    @Test
    public void aFileThatIsWrittenToWhileItIsReadFails() throws IOException {
        Files.writeString(file, "{\"id\":1}\n");
        IOException failure = assertThrows(
                IOException.class, () -> new FileTable(file.toString()).read("", new AppendingReader(file)));

        assertThat(failure.getMessage(), is("it was changed while it was read"));
    }

    @Test
    public void aFileThatIsNotThereFails() {
        IOException failure = assertThrows(IOException.class, () -> table.load(""));

        assertThat(failure.getMessage(), is("there is no such file"));
        assertThat(table.place(), is(file.toString()));
    }

    @Test
    public void aPathIsOfTheMachinesOwn() throws Exception {
        Files.writeString(file, "{\"id\":1}\n");
        assertThat(
                new JsonTable("id", new FileTable("file://" + file))
                        .load("")
                        .orElseThrow()
                        .table()
                        .rows(),
                is(1L));
        assertThat(
                assertThrows(IllegalArgumentException.class, () -> new FileTable("s3://lake/videos.jsonl"))
                        .getMessage(),
                is("path must be one of the machine's own file system, but was 's3://lake/videos.jsonl'"));
        assertThat(
                assertThrows(IllegalArgumentException.class, () -> new FileTable(""))
                        .getMessage(),
                is("path must not be empty"));
    }
}
