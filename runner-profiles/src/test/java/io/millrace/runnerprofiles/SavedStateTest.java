package io.millrace.runnerprofiles;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Incremental checkpoints as Flink writes them, which share files. */
public class SavedStateTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** A checkpoint with a file of its own, and some that others may have too. */
    private Path checkpoint(long id, String... shared) throws IOException {
        Path own = folder.getRoot().toPath().resolve("chk-" + id);
        Files.createDirectories(own);
        List<HandleAndLocalPath> files = Stream.of(shared)
                .map(name ->
                        HandleAndLocalPath.of(file(folder.getRoot().toPath().resolve(name)), name))
                .toList();
        IncrementalRemoteKeyedStateHandle keyed = new IncrementalRemoteKeyedStateHandle(
                UUID.randomUUID(), KeyGroupRange.of(0, 127), id, files, List.of(), file(own.resolve("own")));
        OperatorState operator = new OperatorState(new OperatorID(), 1, 128);
        operator.putState(
                0, OperatorSubtaskState.builder().setManagedKeyedState(keyed).build());
        try (OutputStream out = Files.newOutputStream(own.resolve("_metadata"))) {
            Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(id, List.of(operator), List.of()), out);
        }
        return own;
    }

    private static StreamStateHandle file(Path path) {
        try {
            Files.write(path, new byte[10]);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return new FileStateHandle(new org.apache.flink.core.fs.Path(path.toUri()), 10);
    }

    private static SavedState at(Path path) {
        return SavedState.at(path.toUri().toString());
    }

    private Path file(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    @Test
    public void saysWhatIsMissingOrCutShort() throws IOException {
        Path one = checkpoint(1, "a", "b");
        assertThat(at(one).damages(), is(empty()));
        assertThat(at(one).bytes(), is(30L));

        Files.delete(file("a"));
        Files.write(file("b"), new byte[9]);
        assertThat(
                at(one).damages(),
                contains(containsString("/a is not there"), containsString("/b must have 10 bytes, but has 9")));
    }

    @Test
    public void deletesNothingThatAnotherNeeds() throws IOException {
        Path one = checkpoint(1, "a", "b");
        Path two = checkpoint(2, "b", "c");

        at(one).delete(at(two).neededFiles());
        assertThat(Files.exists(one), is(false));
        assertThat(Files.exists(file("a")), is(false));
        assertThat(at(two).damages(), is(empty()));

        at(two).delete(Set.of());
        assertThat(folder.getRoot().list().length, is(0));
    }

    /** A folder in the place of a file is not deleted as one, so the deletion breaks off there. */
    @Test
    public void aDeletionThatBreaksOffLeavesTheIndexAndCanBeBegunAgain() throws IOException {
        Path one = checkpoint(1, "a", "b");
        Files.delete(file("b"));
        Files.createDirectories(file("b/c"));
        assertThrows(FlinkClusterException.class, () -> at(one).delete(Set.of()));
        assertThat(SavedState.exists(one.toUri().toString()), is(true));
        assertThat(Files.exists(file("a")), is(false));

        Files.delete(file("b/c"));
        at(one).delete(Set.of());
        assertThat(folder.getRoot().list().length, is(0));
    }

    @Test
    public void deletesItsOtherIndexesToo() throws IOException {
        Path one = checkpoint(1);
        Files.copy(one.resolve("_metadata"), one.resolve("_metadata-without-streams"));

        at(one).delete(Set.of());
        assertThat(folder.getRoot().list().length, is(0));
    }

    @Test
    public void isGoneWhereTheFolderAroundItIsThere() throws IOException {
        Path one = checkpoint(1);
        assertThat(SavedState.isGone(one.toUri().toString()), is(false));

        Files.delete(one.resolve("_metadata"));
        assertThat(SavedState.isGone(one.toUri().toString()), is(true));
        assertThat(SavedState.isGone(file("not/mounted/chk-1").toUri().toString()), is(false));
    }

    @Test
    public void theFolderOfAStateIsTheSameHoweverItIsWritten() {
        for (String path : List.of(
                "file:/data/chk-1",
                "file:///data/chk-1/",
                "/data/chk-1",
                "file:/data/chk-1/_metadata-without-streams")) {
            assertThat(SavedState.folderOf(path), is("/data/chk-1"));
        }
    }

    @Test
    public void thereIsAStateWhereItsIndexIs() throws IOException {
        Path one = checkpoint(1);
        assertThat(SavedState.exists(one.toUri().toString()), is(true));

        Files.delete(one.resolve("_metadata"));
        assertThat(SavedState.exists(one.toUri().toString()), is(false));
        assertThat(SavedState.exists(file("none").toUri().toString()), is(false));
    }

    @Test
    public void anIndexThatCannotBeReadIsAnErrorThatNamesIt() throws IOException {
        Path one = checkpoint(1);
        Files.write(one.resolve("_metadata"), new byte[20]);

        FlinkClusterException error = assertThrows(FlinkClusterException.class, () -> at(one));
        assertThat(error.getMessage(), matchesPattern("state .*chk-1/? cannot be read: .*"));
    }
}
