package io.millrace.testfixtures.historyserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What was asked, a line each: milliseconds, method, outcome, and each key after a comma, encoded as in a URL.
 *
 * <p>The lines stand outside the heap, as they are sent.
 */
final class CallLog {
    private static final int PAGE_BYTES = 1 << 20;

    private final List<Page> pages = new ArrayList<>();
    private final StringBuilder line = new StringBuilder(128);
    private long size;

    void add(long arrivalMillis, String method, String outcome, List<String> keys) {
        line.setLength(0);
        line.append(arrivalMillis)
                .append(' ')
                .append(method)
                .append(' ')
                .append(outcome)
                .append(' ');
        keys.forEach(key -> line.append(',').append(isPlain(key) ? key : URLEncoder.encode(key, UTF_8)));
        line.append('\n');
        ByteBufUtil.writeAscii(pageFor(line.length()), line);
        size++;
    }

    /** The lines from one on, the first being 0. */
    ByteBuf since(long index) {
        if (index >= size) {
            return Unpooled.EMPTY_BUFFER;
        }
        int first = pageOf(Math.max(0, index));
        ByteBuf[] parts = pages.subList(first, pages.size()).stream()
                .map(page -> page.bytes.slice())
                .toArray(ByteBuf[]::new);
        skip(parts[0], index - pages.get(first).firstIndex);
        return Unpooled.wrappedBuffer(parts.length, parts);
    }

    private static void skip(ByteBuf lines, long count) {
        for (long i = 0; i < count; i++) {
            lines.skipBytes(lines.bytesBefore((byte) '\n') + 1);
        }
    }

    private int pageOf(long index) {
        int page = pages.size() - 1;
        while (pages.get(page).firstIndex > index) {
            page--;
        }
        return page;
    }

    private ByteBuf pageFor(int bytes) {
        if (pages.isEmpty() || pages.get(pages.size() - 1).bytes.writableBytes() < bytes) {
            pages.add(new Page(size, Math.max(PAGE_BYTES, bytes)));
        }
        return pages.get(pages.size() - 1).bytes;
    }

    private static boolean isPlain(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (!(c < 128 && Character.isLetterOrDigit(c)) && c != '-' && c != '_') {
                return false;
            }
        }
        return true;
    }

    private static final class Page {
        final long firstIndex;
        final ByteBuf bytes;

        Page(long firstIndex, int capacity) {
            this.firstIndex = firstIndex;
            this.bytes = Unpooled.unreleasableBuffer(
                    Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(capacity)).clear());
        }
    }
}
