package io.millrace.testfixtures.historyserver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.testfixtures.history.Histories;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * A call that asks for histories.
 *
 * @param isBatch whether it asked with an array, and so is answered with an object of histories
 */
record Lookup(Exchange exchange, boolean isBatch, List<String> keys) {
    private static final byte[] PADDING_BEGINS = ",\"padding\":\"".getBytes(US_ASCII);
    private static final byte[] PADDING_ENDS = "\"".getBytes(US_ASCII);

    String method() {
        return isBatch ? "POST" : "GET";
    }

    int status() {
        return isBatch || Histories.isKnown(keys.get(0)) ? 200 : 404;
    }

    Answer answer() {
        return status() == 404 ? Answer.error(404, "unknown profile") : Answer.json(200, histories());
    }

    /** An answer as long as the padding, or longer; the padding goes to the end of the last history. */
    Answer answer(ByteBuf padding) {
        byte[] histories = status() == 404 ? new byte[0] : histories();
        int length = padding.readableBytes() - histories.length - PADDING_BEGINS.length - PADDING_ENDS.length;
        int end = histories.length - (isBatch ? 2 : 1);
        return length <= 0 || end <= 0 ? answer() : Answer.json(200, padded(histories, end, padding.slice(0, length)));
    }

    private static ByteBuf padded(byte[] histories, int end, ByteBuf padding) {
        return Unpooled.wrappedBuffer(
                5,
                Unpooled.wrappedBuffer(histories, 0, end),
                Unpooled.wrappedBuffer(PADDING_BEGINS),
                padding,
                Unpooled.wrappedBuffer(PADDING_ENDS),
                Unpooled.wrappedBuffer(histories, end, histories.length - end));
    }

    private byte[] histories() {
        return isBatch ? Histories.of(keys) : Histories.of(keys.get(0)).orElseThrow();
    }
}
