package io.millrace.io.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.http.HttpResponse;
import org.apache.http.nio.ContentDecoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.protocol.HttpAsyncResponseConsumer;
import org.apache.http.nio.util.HeapByteBufferAllocator;
import org.apache.http.nio.util.SharedInputBuffer;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** An answer that is read as a stream, by another thread than that of the connection, which waits where that one is behind. */
final class Download implements HttpAsyncResponseConsumer<Boolean> {
    private static final int BUFFER_BYTES = 1 << 18;

    private final CompletableFuture<HttpResponse> head = new CompletableFuture<>();
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();
    private final SharedInputBuffer buffer = new SharedInputBuffer(BUFFER_BYTES, HeapByteBufferAllocator.INSTANCE);
    private volatile @Nullable Exception failure;

    private Download() {}

    /** One that fails with a {@link TimeoutException} unless it has come to its end in time. */
    static Download within(Duration longest) {
        Download download = new Download();
        download.end.orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS).whenComplete((ended, failure) -> {
            if (failure instanceof TimeoutException) {
                download.failed(new TimeoutException("did not come to its end within " + longest));
            }
        });
        return download;
    }

    /** Status and headers, once they are there. */
    HttpResponse head() throws IOException, InterruptedException {
        return once(head);
    }

    /** Waits until it has come to its end: what was read of it is the whole. */
    void awaitEnd() throws IOException, InterruptedException {
        once(end);
    }

    private static <T> T once(CompletableFuture<T> there) throws IOException, InterruptedException {
        try {
            return there.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Why it ended before its end; null where it did not. */
    @Nullable Exception failure() {
        return failure;
    }

    /** The body; fails where more than so many bytes came, or it ended before its end. */
    InputStream body(long maxBytes) {
        return new Body(maxBytes);
    }

    @Override
    public void responseReceived(HttpResponse response) {
        head.complete(response);
    }

    @Override
    public void consumeContent(ContentDecoder decoder, IOControl control) throws IOException {
        buffer.consumeContent(decoder, control);
    }

    @Override
    public void responseCompleted(HttpContext context) {
        buffer.close();
        end.complete(true);
    }

    @Override
    public void failed(Exception cause) {
        failure = cause;
        head.completeExceptionally(cause);
        buffer.shutdown();
        end.completeExceptionally(cause);
    }

    @Override
    public boolean cancel() {
        failed(new InterruptedIOException("broken off"));
        return true;
    }

    @Override
    public @Nullable Exception getException() {
        return failure;
    }

    @Override
    public Boolean getResult() {
        return failure == null;
    }

    @Override
    public boolean isDone() {
        return end.isDone();
    }

    @Override
    public void close() {
        if (!end.isDone()) {
            failed(new InterruptedIOException("closed"));
        }
    }

    /** A buffer that is shut down gives its end, too. */
    private final class Body extends InputStream {
        private final long maxBytes;
        private long read;

        private Body(long maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int got = buffer.read(bytes, from, length);
            Exception cause = failure;
            if (got < 0 && cause != null) {
                throw new IOException(cause);
            }
            read += Math.max(0, got);
            if (read > maxBytes) {
                throw new IOException("it has more than maxBytes, " + maxBytes + " bytes");
            }
            return got;
        }
    }
}
