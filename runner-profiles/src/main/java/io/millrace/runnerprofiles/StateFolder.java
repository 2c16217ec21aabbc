package io.millrace.runnerprofiles;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.FileSystemKind;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.jspecify.annotations.Nullable;

/**
 * A folder where Flink keeps state, for small files beside that; on every file system that {@link SavedState} reads, and for any number of processes.
 *
 * <p><i>Fails</i>: with a {@link FlinkClusterException} that has the path.
 */
public final class StateFolder {
    private static final String UNFINISHED = ".unfinished";
    private static final int ATTEMPTS_TO_LIST = 5;

    private final Path path;

    private StateFolder(Path path) {
        this.path = path;
    }

    /** The folder at a path, as Flink names it; it need not be there yet. */
    public static StateFolder at(String path) {
        StateFileSystems.initialize();
        return new StateFolder(new Path(path));
    }

    /** The same, for a process of the cluster itself, which knows its file systems. */
    public static StateFolder onCluster(String path) {
        return new StateFolder(new Path(path));
    }

    /** A folder in this one. */
    public StateFolder folder(String name) {
        return new StateFolder(new Path(path, name));
    }

    /** The names of the files and folders in it, in order; none where it is not there. */
    public List<String> names() {
        for (int attempt = 1; ; attempt++) {
            try {
                return list().filter(name -> !name.endsWith(UNFINISHED))
                        .sorted()
                        .toList();
            } catch (FileNotFoundException e) {
                if (attempt == ATTEMPTS_TO_LIST) { // a file that goes while others are listed
                    throw failure("listed", path, e);
                }
            } catch (IOException e) {
                throw failure("listed", path, e);
            }
        }
    }

    private Stream<String> list() throws IOException {
        if (isLocal()) {
            String @Nullable [] found = new File(path.getPath()).list();
            return found == null ? Stream.of() : Stream.of(found);
        }
        @Nullable FileStatus[] found = fileSystem().exists(path) ? fileSystem().listStatus(path) : null;
        return found == null
                ? Stream.of()
                : Stream.of(found).map(file -> file.getPath().getName());
    }

    /** Flink's local file system looks at each file that it lists or opens, which is most of what it takes to read many. */
    private boolean isLocal() throws IOException {
        return fileSystem() instanceof LocalFileSystem;
    }

    private InputStream open(String name) throws IOException {
        return isLocal()
                ? new FileInputStream(new File(path.getPath(), name))
                : fileSystem().open(new Path(path, name));
    }

    /** What a file has; nothing where it is not there. */
    public Optional<byte[]> read(String name) {
        try (InputStream in = open(name)) {
            return Optional.of(in.readAllBytes());
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure("read", new Path(path, name), e);
        }
    }

    /** Writes or replaces a file. Who reads it meanwhile sees all of one or of the other, or, where the file system renames over nothing, none. */
    public void write(String name, byte[] content) {
        Path file = new Path(path, name);
        try {
            if (fileSystem().getKind() == FileSystemKind.OBJECT_STORE) {
                create(file, content);
            } else {
                fileSystem().mkdirs(path);
                replace(file, content);
            }
        } catch (IOException e) {
            throw failure("written", file, e);
        }
    }

    private void create(Path file, byte[] content) throws IOException {
        try (FSDataOutputStream out = fileSystem().create(file, WriteMode.OVERWRITE)) {
            out.write(content);
        }
    }

    private void replace(Path file, byte[] content) throws IOException {
        Path unfinished = new Path(path, UUID.randomUUID() + UNFINISHED);
        try {
            create(unfinished, content);
            if (!isRenamed(unfinished, file)) {
                fileSystem().delete(file, false);
                if (!isRenamed(unfinished, file)) {
                    throw new IOException("it cannot take the place of what is there");
                }
            }
        } finally {
            fileSystem().delete(unfinished, false);
        }
    }

    private boolean isRenamed(Path from, Path to) throws IOException {
        try {
            return fileSystem().rename(from, to);
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** Deletes a file, if it is there. */
    public void delete(String name) {
        Path file = new Path(path, name);
        try {
            fileSystem().delete(file, false);
        } catch (IOException e) {
            throw failure("deleted", file, e);
        }
    }

    /** Deletes a folder with all that is in it, if it is there. */
    public void deleteFolder(String name) {
        Path folder = new Path(path, name);
        try {
            fileSystem().delete(folder, true);
        } catch (IOException e) {
            throw failure("deleted", folder, e);
        }
    }

    /** Deletes this folder if there is nothing in it. */
    void deleteIfEmpty() {
        try {
            if (list().findAny().isEmpty()) {
                fileSystem().delete(path, false);
            }
        } catch (FileNotFoundException e) {
            return; // it is not there
        } catch (IOException e) {
            throw failure("deleted", path, e);
        }
    }

    private FileSystem fileSystem() throws IOException {
        return path.getFileSystem();
    }

    private static FlinkClusterException failure(String what, Path file, IOException cause) {
        return new FlinkClusterException(file + " cannot be " + what + ": " + cause.getMessage(), cause);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
