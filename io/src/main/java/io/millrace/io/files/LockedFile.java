package io.millrace.io.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.util.concurrent.Striped;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.Lock;

/** A file of lines that several processes append to, one at a time; reads what came since the last time. For one thread. */
final class LockedFile {
    /** A file's lock is the process's: between its threads, these are. */
    private static final Striped<Lock> THREADS = Striped.lock(64);

    private final Path path;
    private long position;

    LockedFile(Path path) {
        this.path = path;
    }

    /** Appends lines that are made while nobody else reads or appends. */
    static void append(Path path, Lines lines) throws IOException {
        Path absolute = path.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        Lock threads = THREADS.get(absolute);
        threads.lock();
        try (FileChannel file = FileChannel.open(
                        absolute, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            String text = String.join("\n", lines.make()) + "\n";
            write((endsWithinLine(file) ? "\n" : "") + text, file);
            file.force(true);
        } finally {
            threads.unlock();
        }
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
        Lock threads = THREADS.get(absolute);
        threads.lock();
        try {
            return Files.exists(absolute) ? readLines(absolute) : List.of();
        } finally {
            threads.unlock();
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
        }
    }

    /** Makes lines. */
    interface Lines {
        List<String> make() throws IOException;
    }
}
