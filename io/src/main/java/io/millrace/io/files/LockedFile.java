package io.millrace.io.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file of lines that several processes append to, one at a time; reads what came since the last time. For one thread. */
final class LockedFile {
    private final Path path;
    private long position;

    LockedFile(Path path) {
        this.path = path;
    }

    /** Appends lines that are made while nobody else reads or appends. */
    static void append(Path path, Lines lines) throws IOException {
        Path absolute = path.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        synchronized (threadsOf(absolute)) {
            try (FileChannel file = FileChannel.open(
                            absolute, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    FileLock lock = file.lock()) {
                String text = String.join("\n", lines.make()) + "\n";
                write((endsWithinLine(file) ? "\n" : "") + text, file);
                file.force(true);
            } catch (OverlappingFileLockException e) {
                throw new IOException(lockedByAnother(path), e);
            }
        }
    }

    /**
     * A file's lock is the process's: between its threads, this is. Jobs in a process have class loaders of their own, but an interned
     * text is the same for all.
     */
    private static Object threadsOf(Path absolute) throws IOException {
        Path real = requireNonNull(absolute.getParent()).toRealPath().resolve(absolute.getFileName());
        return ("millrace locks file " + real).intern();
    }

    private static String lockedByAnother(Path path) {
        return "file " + path + " is locked by something else in this process";
    }

    private static boolean endsWithinLine(FileChannel file) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return file.size() > 0 && file.read(last, file.size() - 1) == 1 && last.get(0) != '\n';
    }

    private static void write(String text, FileChannel file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        long at = file.size();
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    /** The lines that came since the last time; none where there is no file. */
    List<String> readLines() throws IOException {
        Path absolute = path.toAbsolutePath();
        if (!Files.exists(absolute)) {
            return List.of();
        }
        synchronized (threadsOf(absolute)) {
            return readLines(absolute);
        }
    }

    private List<String> readLines(Path absolute) throws IOException {
        try (FileChannel file = FileChannel.open(absolute, StandardOpenOption.READ);
                FileLock lock = file.lock(0, Long.MAX_VALUE, true)) {
            long size = file.size();
            if (size < position) {
                throw new IOException("file " + path + " must only grow, but has " + size + " bytes after " + position);
            }
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size - position));
            while (bytes.hasRemaining() && file.read(bytes, position + bytes.position()) >= 0) {}
            position += bytes.position();
            String text = new String(bytes.array(), 0, bytes.position(), UTF_8);
            return text.lines().filter(line -> !line.isBlank()).toList();
        } catch (OverlappingFileLockException e) {
            throw new IOException(lockedByAnother(path), e);
        }
    }

    /** Makes lines. */
    interface Lines {
        List<String> make() throws IOException;
    }
}
