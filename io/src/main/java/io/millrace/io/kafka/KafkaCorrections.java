package io.millrace.io.kafka;

import io.millrace.io.kafka.TopicResults.Last;
import io.millrace.io.sink.Corrections;
import io.millrace.io.sink.Differences;
import io.millrace.io.sink.Differences.Kind;
import io.millrace.io.sink.Replayed;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Results of a route in a topic and in its shadow, as a consumer holds them who follows {@link Deduplicate}. They are the same if key, value and the headers of the event are.
 *
 * <p>A correction is one more record, with {@code millrace-replay}: so it takes the place of the result of its identity, and the job goes on in the lower epoch. With
 * {@link Retract#RECORD} what is not made any more is followed by a record that takes it back; without, it stays.
 *
 * <p><i>State</i>: the identities of all results of the events that were restated, with a digest and the key of each. Both topics are read from their beginning, and the shadow once more to publish.
 */
final class KafkaCorrections implements Corrections {
    private static final int SENT_AT_A_TIME = 10_000;

    private final KafkaSink sink;
    private final KafkaSink shadow;
    private final SinkContext context;

    KafkaCorrections(KafkaSink sink, KafkaSink shadow, SinkContext context) {
        this.sink = sink;
        this.shadow = shadow;
        Run run = context.run();
        Run behind = Run.replaying(run.lineage(), run.pipeline(), run.specVersion(), run.epoch());
        this.context = new SinkContext(behind, context.route(), context.keyed()).inOrder(context.inOrder());
    }

    @Override
    public void find(Replayed restated, Differences found) throws IOException {
        compare(restated, found);
    }

    @Override
    public void publish(Replayed restated, Differences found) throws IOException {
        Comparison comparison = compare(restated, found);
        if (comparison.news.isEmpty() && comparison.gone.isEmpty()) {
            return;
        }
        try (TopicProducer producer = TopicProducer.open(sink, context)) {
            List<ProducerRecord<byte[], byte[]>> batch = new ArrayList<>();
            new TopicContents(shadow).forEachRecord(record -> {
                ResultId id = comparison.news.get(new Place(record.partition(), record.offset()));
                if (id != null) {
                    batch.add(producer.copy(record, id));
                    produceIfMany(batch, producer);
                }
            });
            if (sink.retract() == Retract.RECORD) {
                comparison.gone.forEach((id, last) -> {
                    batch.add(producer.retraction(id, last.partition(), last.key()));
                    produceIfMany(batch, producer);
                });
            }
            produce(batch, producer);
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void produceIfMany(List<ProducerRecord<byte[], byte[]>> batch, TopicProducer producer) {
        if (batch.size() >= SENT_AT_A_TIME) {
            produce(batch, producer);
        }
    }

    private static void produce(List<ProducerRecord<byte[], byte[]>> batch, TopicProducer producer) {
        try {
            producer.produce(batch);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        batch.clear();
    }

    /** Where a record is in the shadow. */
    private record Place(int partition, long offset) {}

    /**
     * What differs.
     *
     * @param news what is to be written, by its place in the shadow
     * @param gone what is not made any more
     */
    private record Comparison(Map<Place, ResultId> news, Map<ResultId, Last> gone) {}

    private Comparison compare(Replayed restated, Differences found) throws IOException {
        Map<ResultId, Last> now = new TopicResults(shadow, context.route()).of(restated::mayHaveMade);
        Map<ResultId, Last> published =
                new TopicResults(sink, context.route()).of(id -> now.containsKey(id) || restated.hasMade(id));
        Map<Place, ResultId> news = new HashMap<>();
        now.forEach((id, last) -> {
            Last before = published.remove(id);
            if (before == null || !before.isSame(last)) {
                found.add(
                        before == null ? Kind.ADDED : Kind.CHANGED,
                        "%s, partition %d offset %d of %s"
                                .formatted(id, last.partition(), last.offset(), shadow.topic()));
                news.put(new Place(last.partition(), last.offset()), id);
            }
        });
        Kind notMade = sink.retract() == Retract.RECORD ? Kind.REMOVED : Kind.KEPT;
        published.forEach((id, last) -> found.add(
                notMade,
                "%s, partition %d offset %d of %s".formatted(id, last.partition(), last.offset(), sink.topic())));
        return new Comparison(news, published);
    }
}
