package io.millrace.benchmarks.router;

import io.millrace.benchmarks.race.ClientSettings;
import java.io.IOException;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The job that an engineer writes by hand: byte arrays end to end, object reuse, everything in one chain. */
final class NativeFlink {
    private NativeFlink() {}

    /** Runs it with a route by hand; the class says which, since an instance would have to be serialised. */
    static void run(Task task, Class<? extends Plays> plays) throws Exception {
        StreamExecutionEnvironment flink =
                StreamExecutionEnvironment.createLocalEnvironment(task.parallelism(), new Configuration());
        flink.getConfig().enableObjectReuse();
        flink.enableCheckpointing(Task.CHECKPOINTING_INTERVAL_MILLIS);
        flink.fromSource(source(task), WatermarkStrategy.noWatermarks(), "source", TypeInformation.of(Message.class))
                .flatMap(new RouteMessages(plays))
                .returns(TypeInformation.of(Message.class))
                .sinkTo(sink(task));
        flink.execute("native");
    }

    private static KafkaSource<Message> source(Task task) {
        return KafkaSource.<Message>builder()
                .setBootstrapServers(task.bootstrapServers())
                .setTopics(task.input())
                .setGroupId(task.output())
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setProperties(ClientSettings.properties(task.consumerSettings()))
                .setDeserializer(new ReadMessage())
                .build();
    }

    private static KafkaSink<Message> sink(Task task) {
        return KafkaSink.<Message>builder()
                .setBootstrapServers(task.bootstrapServers())
                .setKafkaProducerConfig(ClientSettings.properties(task.producerSettings()))
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new WriteMessage(task.output()))
                .build();
    }

    /** A record's key and value; Flink carries its time. */
    static final class Message {
        final byte @Nullable [] key;
        final byte[] value;

        Message(byte @Nullable [] key, byte[] value) {
            this.key = key;
            this.value = value;
        }
    }

    private static final class ReadMessage implements KafkaRecordDeserializationSchema<Message> {
        private static final long serialVersionUID = 1;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> read, Collector<Message> out) {
            out.collect(new Message(read.key(), read.value()));
        }

        @Override
        public TypeInformation<Message> getProducedType() {
            return TypeInformation.of(Message.class);
        }
    }

    private static final class RouteMessages extends RichFlatMapFunction<Message, Message> {
        private static final long serialVersionUID = 1;

        private final Class<? extends Plays> type;
        private transient @Nullable Plays plays;

        RouteMessages(Class<? extends Plays> type) {
            this.type = type;
        }

        @Override
        public void open(Configuration parameters) {
            plays = type == TreePlays.class ? new TreePlays() : new StreamingPlays();
        }

        @Override
        @SuppressWarnings("NullAway") // opened before it is used
        public void flatMap(Message message, Collector<Message> out) throws IOException {
            byte[] result = plays.route(message.value);
            if (result != null) {
                out.collect(new Message(message.key, result));
            }
        }
    }

    private static final class WriteMessage implements KafkaRecordSerializationSchema<Message> {
        private static final long serialVersionUID = 1;

        private final String topic;

        WriteMessage(String topic) {
            this.topic = topic;
        }

        @Override
        public ProducerRecord<byte[], byte[]> serialize(Message message, KafkaSinkContext context, Long time) {
            return new ProducerRecord<>(topic, null, time, message.key, message.value);
        }
    }
}
