package io.millrace.io.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.http.ContentTooLongException;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpResponse;
import org.apache.http.nio.ContentDecoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.protocol.HttpAsyncResponseConsumer;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Reads an answer, and ends the connection as soon as it is too large. */
final class AnswerReader implements HttpAsyncResponseConsumer<Answer> {
    private static final int FIRST_BYTES = 1 << 10;
    private static final int MOST_FIRST_BYTES = 64 << 10;

    private final int maxBytes;
    private int status;
    private @Nullable String retryAfter;
    private @Nullable String location;
    private List<String> links = List.of();
    private boolean hasEnd;
    private byte[] bytes = {};
    private int size;
    private boolean tooLarge;
    private volatile @Nullable Answer answer;
    private volatile boolean done;

    AnswerReader(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** What there is of an answer that is too large; null where there is none. */
    @Nullable Answer tooLarge() {
        return tooLarge ? answer(Arrays.copyOf(bytes, size), false) : null;
    }

    @Override
    public void responseReceived(HttpResponse response) {
        status = response.getStatusLine().getStatusCode();
        retryAfter = value(response.getFirstHeader("Retry-After"));
        location = value(response.getFirstHeader("Location"));
        links = Stream.of(response.getHeaders("Link")).map(Header::getValue).toList();
        HttpEntity entity = response.getEntity();
        hasEnd = entity == null || entity.getContentLength() >= 0 || entity.isChunked();
        long length = entity == null ? 0 : entity.getContentLength();
        bytes = new byte[(int) Math.min(length < 0 ? FIRST_BYTES : length, Math.min(maxBytes, MOST_FIRST_BYTES))];
    }

    private static @Nullable String value(@Nullable Header header) {
        return header == null ? null : header.getValue();
    }

    @Override
    public void consumeContent(ContentDecoder decoder, IOControl control) throws IOException {
        while (!decoder.isCompleted()) {
            int read = size < bytes.length
                    ? decoder.read(ByteBuffer.wrap(bytes, size, bytes.length - size))
                    : readBeyond(decoder);
            if (read <= 0) {
                return;
            }
            size += read;
        }
    }

    /** Reads a byte more than there is room for, and makes room for more if there is one. */
    private int readBeyond(ContentDecoder decoder) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        int read = decoder.read(one);
        if (read > 0) {
            if (size == maxBytes) {
                tooLarge = true;
                throw new ContentTooLongException("more than " + maxBytes + " bytes");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, Math.max(FIRST_BYTES, 2L * size)));
            bytes[size] = one.get(0);
        }
        return read;
    }

    @Override
    public void responseCompleted(HttpContext context) {
        byte[] body = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        answer = answer(body, true);
        done = true;
    }

    private Answer answer(byte[] body, boolean whole) {
        return new Answer(status, retryAfter, location, links, hasEnd, body, whole);
    }

    @Override
    public void failed(Exception failure) {
        done = true;
    }

    @Override
    public @Nullable Exception getException() {
        return null;
    }

    @Override
    public @Nullable Answer getResult() {
        return answer;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public boolean cancel() {
        done = true;
        return true;
    }

    @Override
    public void close() {
        done = true;
    }
}
