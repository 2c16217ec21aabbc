package io.millrace.io.kafka;

import static java.util.Objects.requireNonNull;

import io.millrace.io.kafka.TopicResults.Last;
import io.millrace.io.sink.Leftovers;
import io.millrace.io.sink.Replayed;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.ResultId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Results of a route in a topic, of events that were read again, that a consumer still holds of a lower epoch: each is followed by a record that takes it back, in its partition, with
 * the same key, no value, and the headers {@code millrace-id}, {@code millrace-epoch} and {@code millrace-retracts}.
 *
 * <p>With {@link Retract#TOMBSTONE} there is one such record for each key whose last record is such a result, and none for a key that has other results which count: those keys stay
 * as they are, and are counted as kept. A key that gets another result just then may lose that: such keys name more than one result, and are not for tombstones.
 *
 * <p><i>State</i>: the identities, with their keys, of all results of the events that were read again. The topic is read from its beginning, with tombstones twice.
 */
final class KafkaLeftovers implements Leftovers {
    private final KafkaSink sink;
    private final SinkContext context;

    KafkaLeftovers(KafkaSink sink, SinkContext context) {
        this.sink = sink;
        this.context = context;
    }

    @Override
    public Removed remove(Replayed replayed) throws IOException {
        Map<ResultId, Last> left = left(replayed);
        if (left.isEmpty()) {
            return new Removed(0, 0);
        }
        if (sink.retract() == Retract.RECORD) {
            return new Removed(retract(left), 0);
        }
        return removeKeys(left, keys(left).values());
    }

    private Removed removeKeys(Map<ResultId, Last> left, Collection<OfKey> keys) throws IOException {
        Map<ResultId, Last> alone = new HashMap<>();
        long kept = 0;
        for (OfKey key : keys) {
            Last last = left.get(key.last);
            if (last != null && !key.hasOthers) {
                alone.put(requireNonNull(key.last), last);
            } else if (last != null) {
                kept++;
            }
        }
        return new Removed(retract(alone), kept);
    }

    /** What a consumer holds of lower epochs. */
    private Map<ResultId, Last> left(Replayed replayed) throws IOException {
        Map<ResultId, Last> held = new TopicResults(sink, context.route()).of(replayed::hasMade);
        held.values().removeIf(last -> last.epoch() >= context.run().epoch());
        return held;
    }

    /** What there is of the keys of what is left. */
    private Map<Place, OfKey> keys(Map<ResultId, Last> left) throws IOException {
        Map<Place, OfKey> keys = new HashMap<>();
        left.values().stream()
                .filter(last -> last.key() != null)
                .forEach(last -> keys.put(Place.of(last.partition(), last.key()), new OfKey()));
        new TopicContents(sink).forEachRecord(record -> {
            OfKey ofKey = record.key() == null ? null : keys.get(Place.of(record.partition(), record.key()));
            if (ofKey != null) {
                ofKey.add(record, left.keySet());
            }
        });
        return keys;
    }

    private long retract(Map<ResultId, Last> left) throws IOException {
        try (TopicProducer producer = TopicProducer.open(sink, context)) {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            left.forEach((id, last) -> records.add(producer.retraction(id, last.partition(), last.key())));
            producer.produce(records);
            return records.size();
        }
    }

    private record Place(int partition, ByteBuffer key) {
        static Place of(int partition, byte @Nullable [] key) {
            return new Place(partition, ByteBuffer.wrap(requireNonNull(key)));
        }
    }

    /** What a key has, with results of other routes: its last one, and whether there are others that count. */
    private static final class OfKey {
        private @Nullable ResultId last;
        private boolean hasOthers;

        void add(ConsumerRecord<byte[], byte[]> record, Set<ResultId> left) {
            last = WrittenResult.of(record.headers())
                    .filter(result -> !result.retracts())
                    .map(WrittenResult::id)
                    .orElse(null);
            boolean isDeletion = record.value() == null;
            hasOthers = !isDeletion && (hasOthers || last == null || !left.contains(last));
        }
    }
}
