package io.millrace.testfixtures.historyserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * An answer, sent once.
 *
 * @param headers each with its end of line, beside those of every answer
 */
record Answer(int status, String contentType, String headers, ByteBuf body) {
    private static final int SMALL = 64 << 10;
    private static final int LONGEST_HEAD = 256;

    static Answer json(int status, byte[] body) {
        return json(status, Unpooled.wrappedBuffer(body));
    }

    static Answer json(int status, ByteBuf body) {
        return new Answer(status, "application/json", "", body);
    }

    static Answer error(int status, String problem) {
        return json(status, ("{\"error\":\"" + problem + "\"}").getBytes(UTF_8));
    }

    static Answer text(ByteBuf lines) {
        return new Answer(200, "text/plain", "", lines);
    }

    static Answer text(String lines) {
        return text(Unpooled.wrappedBuffer(lines.getBytes(UTF_8)));
    }

    /** The same with a header more. */
    Answer with(String name, String value) {
        return new Answer(status, contentType, headers + name + ": " + value + "\r\n", body);
    }

    /** Its bytes; a large body is not copied. */
    ByteBuf encode(ByteBufAllocator allocator, boolean keepAlive) {
        int length = body.readableBytes();
        ByteBuf bytes = allocator.ioBuffer(LONGEST_HEAD + Math.min(length, SMALL));
        ByteBufUtil.writeAscii(bytes, head(length, keepAlive));
        if (length > SMALL) {
            return Unpooled.wrappedBuffer(bytes, body);
        }
        bytes.writeBytes(body);
        body.release();
        return bytes;
    }

    private String head(int length, boolean keepAlive) {
        return "HTTP/1.1 " + HttpResponseStatus.valueOf(status)
                + "\r\ncontent-type: " + contentType
                + "\r\ncontent-length: " + length
                + (keepAlive ? "\r\n" : "\r\nconnection: close\r\n")
                + headers
                + "\r\n";
    }
}
