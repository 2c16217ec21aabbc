package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Makes the header with a result's identity, whose value is the text of {@link ResultId}. What consecutive results of one input
 * partition have in common, which is all but the offset, is written once. For one thread.
 */
final class IdHeaders {
    static final String NAME = "millrace-id";

    private @Nullable ResultId last;
    private byte[] beforeOffset = {};
    private byte[] afterOffset = {};

    Header of(ResultId id) {
        return new RecordHeader(NAME, id.origins().size() == 1 ? text(id) : utf8(id.toString()));
    }

    private byte[] text(ResultId id) {
        if (last == null || !differInOffsetAlone(last, id)) {
            String text = id.toString();
            beforeOffset = utf8(text.substring(0, text.lastIndexOf(':') + 1));
            afterOffset = utf8(text.substring(text.indexOf(';')));
        }
        last = id;
        return text(id.origin().offset());
    }

    private static boolean differInOffsetAlone(ResultId one, ResultId other) {
        Origin origin = one.origin();
        Origin otherOrigin = other.origin();
        return origin.partition() == otherOrigin.partition()
                && one.ordinal() == other.ordinal()
                && origin.stream().equals(otherOrigin.stream())
                && one.step().equals(other.step());
    }

    private byte[] text(long offset) {
        int digits = digits(offset);
        byte[] text = new byte[beforeOffset.length + digits + afterOffset.length];
        System.arraycopy(beforeOffset, 0, text, 0, beforeOffset.length);
        long rest = offset;
        for (int at = beforeOffset.length + digits - 1; at >= beforeOffset.length; at--) {
            text[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        System.arraycopy(afterOffset, 0, text, beforeOffset.length + digits, afterOffset.length);
        return text;
    }

    private static int digits(long offset) {
        int digits = 1;
        for (long rest = offset / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
