package io.millrace.io.elasticsearch;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.ResultId;
import java.nio.charset.StandardCharsets;
import org.joda.time.Instant;

/**
 * The version under which a document is written: a document is replaced by one of the same or a higher version alone.
 *
 * <p>A version is a whole number of 63 bits. Of a keyed document, for which many results come, the first 10 bits are the epoch, the
 * next 43 the event time in milliseconds since 1900, and the last 10 a hash of the result's identity: so the last event time wins,
 * whatever the order of arrival, and of two results of the same millisecond always the same one. Versions are kept by
 * Elasticsearch, so their form never changes.
 */
final class DocumentVersion {
    /** The highest epoch that fits. */
    static final long MAX_EPOCH = (1L << 10) - 1;

    private static final int TIME_BITS = 43;
    private static final int HASH_BITS = 10;
    private static final long MAX_TIME = (1L << TIME_BITS) - 1;
    private static final long START_OF_1900 = -2_208_988_800_000L;

    private DocumentVersion() {}

    /** The version of a document of which there is one result alone. */
    static long ofResult(long epoch) {
        return epoch;
    }

    /** The version of the document of a key, as one of the key's results has it. Times before 1900 are as old as times get. */
    static long ofKey(long epoch, Instant time, ResultId id) {
        checkEpoch(epoch);
        long millis =
                time.equals(DeadLetter.NO_TIME) ? 0 : Math.min(MAX_TIME, Math.max(0, time.getMillis() - START_OF_1900));
        return (epoch << (TIME_BITS + HASH_BITS)) | (millis << HASH_BITS) | hash(id);
    }

    /** What a version of a key's document says but for the epoch: which of the key's results it is. */
    static long withoutEpoch(long version) {
        return version & ((1L << (TIME_BITS + HASH_BITS)) - 1);
    }

    /** Checks that an epoch has room in a version. */
    static void checkEpoch(long epoch) {
        checkArgument(
                epoch <= MAX_EPOCH,
                "epoch must be at most %s where documents have keys, but was %s: write to a new index",
                MAX_EPOCH,
                epoch);
    }

    /** The last bits of FNV-1a over the identity's text. */
    private static long hash(ResultId id) {
        long hash = 0xcbf29ce484222325L;
        for (byte unit : id.toString().getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (unit & 0xff)) * 0x100000001b3L;
        }
        return (hash ^ (hash >>> 32)) & ((1 << HASH_BITS) - 1);
    }
}
