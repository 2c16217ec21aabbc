package io.millrace.io.table;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The text of a member of gzip (RFC 1952), and of those that follow it, up to an end behind a whole one. Java's own stream takes whatever
 * keeps it from the header of a later member for the end of the text.
 */
public final class GzipMembers extends InputStream {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAGIC = 0x8B1F;
    private static final int DEFLATED = 8;
    private static final int TIME_AND_SYSTEM_BYTES = 6;
    private static final int HAS_CHECK = 1 << 1;
    private static final int HAS_EXTRA = 1 << 2;
    private static final int HAS_NAME = 1 << 3;
    private static final int HAS_COMMENT = 1 << 4;
    private static final int RESERVED = 0xE0;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 check = new CRC32();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int limit;
    private boolean ended;

    /** Reads the first header. */
    public GzipMembers(InputStream in) throws IOException {
        this.in = in;
        begin();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int got = 0;
        while (got == 0 && !ended) {
            got = inflate(bytes, from, length);
        }
        return ended ? -1 : got;
    }

    private int inflate(byte[] bytes, int from, int length) throws IOException {
        try {
            int got = inflater.inflate(bytes, from, length);
            if (got > 0) {
                check.update(bytes, from, got);
            } else if (inflater.finished()) {
                next = limit - inflater.getRemaining();
                end();
            } else if (inflater.needsDictionary()) {
                throw new ZipException("it asks for a dictionary");
            } else {
                feed();
            }
            return got;
        } catch (DataFormatException e) {
            throw new ZipException(e.getMessage());
        }
    }

    private void feed() throws IOException {
        if (!fill()) {
            throw new EOFException();
        }
        inflater.setInput(buffer, 0, limit);
    }

    private boolean fill() throws IOException {
        next = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }

    /** A member has a trailer; behind it there is another, or nothing. */
    private void end() throws IOException {
        long expected = check.getValue();
        long checked = unsigned(Integer.BYTES);
        long length = unsigned(Integer.BYTES);
        if (checked != expected || length != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
            throw new ZipException("Corrupt GZIP trailer");
        }
        if (next == limit && !fill()) {
            ended = true;
            inflater.end();
        } else {
            begin();
        }
    }

    private void begin() throws IOException {
        header();
        check.reset();
        inflater.reset();
        inflater.setInput(buffer, next, limit - next);
    }

    private void header() throws IOException {
        check.reset();
        if (unsigned(2) != MAGIC || octet() != DEFLATED) {
            throw new ZipException("something else is behind a part of it");
        }
        int flags = octet();
        skip(TIME_AND_SYSTEM_BYTES);
        if ((flags & RESERVED) != 0) {
            throw new ZipException("a header has unknown flags");
        }
        if ((flags & HAS_EXTRA) != 0) {
            skip((int) unsigned(2));
        }
        if ((flags & HAS_NAME) != 0) {
            skipText();
        }
        if ((flags & HAS_COMMENT) != 0) {
            skipText();
        }
        long expected = check.getValue() & 0xFFFF;
        if ((flags & HAS_CHECK) != 0 && unsigned(2) != expected) {
            throw new ZipException("Corrupt GZIP header");
        }
    }

    private void skip(int octets) throws IOException {
        for (int i = 0; i < octets; i++) {
            octet();
        }
    }

    private void skipText() throws IOException {
        int octet = octet();
        while (octet != 0) {
            octet = octet();
        }
    }

    private int octet() throws IOException {
        if (next == limit && !fill()) {
            throw new EOFException();
        }
        int octet = buffer[next++] & 0xFF;
        check.update(octet);
        return octet;
    }

    /** The lowest octet comes first. */
    private long unsigned(int octets) throws IOException {
        long value = 0;
        for (int i = 0; i < octets; i++) {
            value |= (long) octet() << i * Byte.SIZE;
        }
        return value;
    }
}
