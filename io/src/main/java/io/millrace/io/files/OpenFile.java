package io.millrace.io.files;

import com.google.common.io.CountingInputStream;
import io.millrace.io.table.GzipMembers;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.zip.ZipException;
import org.apache.beam.sdk.io.FileSystems;
import org.jspecify.annotations.Nullable;

/** A file that is read on from where it was read to: its lines, each an event. */
final class OpenFile implements Closeable {
    private final FoundFile file;
    private final FileCursor from;
    private final long begin;
    private final ReadableByteChannel channel;
    private final CountingInputStream bytes;
    private final LineReader lines;

    private OpenFile(FoundFile file, FileCursor from, int longestLine, ReadableByteChannel channel) throws IOException {
        this.file = file;
        this.from = from;
        this.channel = channel;
        this.begin = soughtIn(channel);
        this.bytes = new CountingInputStream(Channels.newInputStream(channel));
        InputStream text = isCompressed() ? new GzipMembers(bytes) : bytes;
        text.skipNBytes(from.position() - begin);
        this.lines = new LineReader(text, from.position(), longestLine);
    }

    /** Opens a file where a page begins in it. */
    static OpenFile at(FoundFile file, FileCursor from, int longestLine) throws IOException {
        ReadableByteChannel channel = FileSystems.open(file.file().resourceId());
        try {
            return new OpenFile(file, from, longestLine, channel);
        } catch (IOException e) {
            channel.close();
            throw named(file, e);
        }
    }

    /** Where the bytes begin that are read: what is compressed has no other place than its beginning. */
    private long soughtIn(ReadableByteChannel channel) throws IOException {
        if (!isCompressed() && channel instanceof SeekableByteChannel plain) {
            plain.position(from.position());
            return from.position();
        }
        return 0;
    }

    private boolean isCompressed() {
        return FilesSource.isCompressed(file.stream());
    }

    /** Whether a page that begins there begins with what is read next. */
    boolean isAt(FileCursor page) {
        return from.at(position()).equals(page);
    }

    /** The position behind what was read of the text. */
    long position() {
        return lines.position();
    }

    /** The next line that is not blank; null at the end. */
    @Nullable Event next() throws IOException {
        try {
            while (lines.advance()) {
                if (!isBlank(lines.line())) {
                    return Event.of(new Origin(file.path(), 0, lines.lineStart()), null, lines.line());
                }
            }
            checkWhole();
            return null;
        } catch (IOException e) {
            throw named(file, e);
        }
    }

    private static boolean isBlank(byte[] line) {
        for (byte one : line) {
            if (one != ' ' && one != '\t' && one != '\r') {
                return false;
            }
        }
        return true;
    }

    private void checkWhole() throws IOException {
        long read = begin + bytes.getCount();
        if (read != file.file().sizeBytes()) {
            throw new IOException(
                    "it must be read whole, but of " + file.file().sizeBytes() + " bytes there were " + read);
        }
    }

    /** Names the file; the innermost cause is what a person gets to see, so what it was is suppressed instead. */
    private static IOException named(FoundFile file, IOException failure) {
        if (failure instanceof ClosedByInterruptException) {
            return failure;
        }
        IOException named = new IOException("file " + file.path() + reason(failure));
        named.addSuppressed(failure);
        return named;
    }

    private static String reason(IOException failure) {
        if (failure instanceof EOFException) {
            return " must be whole, but it ends too early";
        }
        return failure instanceof ZipException
                ? " must be compressed with gzip, but " + failure.getMessage()
                : " cannot be read: " + failure.getMessage();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
