package io.millrace.io.kafka;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.millrace.io.kafka.Deduplicate.Verdict;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.joiner.Joined;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** The results of a route in a topic that a consumer holds who follows {@link Deduplicate}. The topic is read from its beginning. */
final class TopicResults {
    private final KafkaSink sink;
    private final String route;

    TopicResults(KafkaSink sink, String route) {
        this.sink = sink;
        this.route = route;
    }

    /**
     * The last record that counts of a result.
     *
     * @param partition where it is in the topic
     * @param offset where it is in the partition
     * @param digest what stands for its key, its value and the headers of its event
     */
    record Last(int partition, long offset, byte @Nullable [] key, long epoch, boolean isRetracted, HashCode digest) {
        /** A result that a higher epoch has in another partition does not count here. */
        private Last or(Last next) {
            return next.epoch >= epoch ? next : this;
        }

        boolean isSame(Last other) {
            return digest.equals(other.digest);
        }
    }

    /** What a consumer holds of some results. */
    Map<ResultId, Last> of(Predicate<ResultId> results) throws IOException {
        Map<ResultId, Last> held = new HashMap<>();
        Map<Integer, Deduplicate> partitions = new HashMap<>();
        new TopicContents(sink).forEachRecord(record -> {
            Optional<WrittenResult> result = WrittenResult.of(record.headers())
                    .filter(written -> written.id().step().equals(route));
            if (result.isPresent()) {
                Deduplicate deduplicate =
                        partitions.computeIfAbsent(record.partition(), first -> Deduplicate.fromTheStart());
                Verdict verdict = deduplicate.judge(result.get());
                if (!verdict.isPassedOver() && results.test(result.get().id())) {
                    held.merge(result.get().id(), last(record, result.get(), verdict), Last::or);
                }
            }
        });
        held.values().removeIf(last -> last.isRetracted);
        return held;
    }

    private static Last last(ConsumerRecord<byte[], byte[]> record, WrittenResult result, Verdict verdict) {
        return new Last(
                record.partition(),
                record.offset(),
                record.key(),
                result.epoch(),
                verdict == Verdict.RETRACTION,
                digest(record));
    }

    private static HashCode digest(ConsumerRecord<byte[], byte[]> record) {
        Hasher digest = Hashing.murmur3_128().newHasher();
        put(record.key(), digest);
        put(record.value(), digest);
        for (Header header : record.headers()) {
            if (!RouteHeaders.OF_A_RUN.contains(header.key()) && !header.key().equals(Joined.STAGE_HEADER)) {
                put(header.key().getBytes(StandardCharsets.UTF_8), digest);
                put(header.value(), digest);
            }
        }
        return digest.hash();
    }

    private static void put(byte @Nullable [] bytes, Hasher digest) {
        digest.putInt(bytes == null ? -1 : bytes.length);
        digest.putBytes(bytes == null ? new byte[0] : bytes);
    }
}
