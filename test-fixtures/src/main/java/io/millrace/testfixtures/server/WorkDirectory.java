package io.millrace.testfixtures.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A new folder for what a server keeps and logs, deleted when it is closed, at the latest when the JVM ends.
 *
 * <p>It lies under {@code target/servers} of the module whose tests run, where there is a {@code target}, otherwise
 * in the temporary folder. {@code -Dmillrace.test.keepServers=true} keeps it for a look at its logs.
 */
public final class WorkDirectory implements AutoCloseable {

    private static final Set<WorkDirectory> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> OPEN.forEach(WorkDirectory::close), "close-work-directories"));
    }

    private final Path path;
    private final CopyOnWriteArrayList<ServerProcess> tenants = new CopyOnWriteArrayList<>();

    private WorkDirectory(Path path) {
        this.path = path;
    }

    /** A new folder whose name begins with {@code name}. */
    public static WorkDirectory create(String name) {
        try {
            Path target = Path.of(System.getProperty("user.dir"), "target");
            Path parent = Files.isDirectory(target)
                    ? target.resolve("servers")
                    : Path.of(System.getProperty("java.io.tmpdir"), "millrace-servers");
            WorkDirectory directory = new WorkDirectory(Files.createTempDirectory(
                    Files.createDirectories(parent),
                    name + "-" + ProcessHandle.current().pid() + "-"));
            OPEN.add(directory);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** A folder in it, made if it is not there. */
    public Path folder(String name) {
        try {
            return Files.createDirectories(path.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a text file into it. */
    public Path write(String name, String text) {
        try {
            return Files.writeString(path.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void add(ServerProcess tenant) {
        tenants.add(tenant);
    }

    /** Kills the servers that live in it, then deletes it. */
    @Override
    public void close() {
        tenants.forEach(ServerProcess::kill);
        if (OPEN.remove(this) && !Boolean.getBoolean("millrace.test.keepServers")) {
            delete(path);
        }
    }

    private static void delete(Path root) {
        try {
            Files.walkFileTree(root, new Deletion());
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
