package io.millrace.io.kafka;

import io.millrace.io.sink.EventWriter;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.TimedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Sends events to a topic and awaits every acknowledgement. */
final class TopicWriter implements EventWriter {
    private final TopicProducer producer;

    TopicWriter(TopicProducer producer) {
        this.producer = producer;
    }

    @Override
    public Map<Integer, RefusedException> write(List<TimedEvent> events) throws InterruptedException {
        Map<Integer, RefusedException> refused = new HashMap<>();
        List<Sent> sent = new ArrayList<>(events.size());
        for (int position = 0; position < events.size(); position++) {
            try {
                TimedEvent event = events.get(position);
                ProducerRecord<byte[], byte[]> kafkaRecord = producer.record(event.event(), event.time());
                sent.add(new Sent(position, kafkaRecord, producer.send(kafkaRecord)));
            } catch (RefusedException e) {
                refused.put(position, e);
            }
        }
        producer.flush();
        for (Sent one : sent) {
            try {
                producer.acknowledge(one.kafkaRecord(), one.answer());
            } catch (RefusedException e) {
                refused.put(one.position(), e);
            }
        }
        return refused;
    }

    @Override
    public void close() {
        producer.close();
    }

    private record Sent(int position, ProducerRecord<byte[], byte[]> kafkaRecord, Future<RecordMetadata> answer) {}
}
