package io.millrace.runnerprofiles;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class StateFolderTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private StateFolder folder;

    @Before
    public void open() {
        folder = StateFolder.at(temporary.getRoot().toURI().toString())
                .folder("a")
                .folder("b");
    }

    private Optional<String> text(String name) {
        return folder.read(name).map(content -> new String(content, UTF_8));
    }

    @Test
    public void hasWhatWasWrittenLast() {
        assertThat(folder.names(), is(empty()));
        assertThat(text("file"), is(Optional.empty()));

        folder.write("file", "1".getBytes(UTF_8));
        folder.write("another", "2".getBytes(UTF_8));
        folder.write("file", "3".getBytes(UTF_8));
        assertThat(folder.names(), contains("another", "file"));
        assertThat(text("file"), is(Optional.of("3")));

        folder.delete("file");
        folder.delete("never there");
        assertThat(folder.names(), contains("another"));
    }

    @Test
    public void whatAWriterThatWasKilledHasLeftIsNoFile() throws IOException {
        folder.write("file", "1".getBytes(UTF_8));
        Files.writeString(temporary.getRoot().toPath().resolve("a/b/file.unfinished"), "2");

        assertThat(folder.names(), contains("file"));
        assertThat(text("file"), is(Optional.of("1")));
    }

    @Test
    public void aFileSystemThatIsNotKnownHereIsAnErrorThatNamesThePath() {
        FlinkClusterException error = assertThrows(
                FlinkClusterException.class,
                () -> StateFolder.at("unheard-of://lake/points").names());

        assertThat(error.getMessage(), containsString("unheard-of://lake/points cannot be listed: "));
    }
}
