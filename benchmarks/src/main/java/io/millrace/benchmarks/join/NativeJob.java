package io.millrace.benchmarks.join;

import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.ClientSettings;
import io.millrace.benchmarks.race.Work;
import io.millrace.io.kafka.KafkaSink;
import io.millrace.io.kafka.KafkaSource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The job that an engineer writes by hand: plays with the impressions that led to them. Its argument: the state backend. */
abstract class NativeJob implements Work {
    private static final long CHECKPOINTING_INTERVAL_MILLIS = 10_000;
    private static final TypeInformation<Tuple2<String, byte[]>> VIEW =
            Types.TUPLE(Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    abstract KeyedCoProcessFunction<String, Tuple2<String, byte[]>, Tuple2<String, byte[]>, Tuple2<String, byte[]>>
            join();

    @Override
    public void run(List<String> arguments) throws Exception {
        Assignment assignment = Assignment.parse(arguments);
        Backend backend = Backend.valueOf(arguments.get(Assignment.ARGUMENTS));
        StreamExecutionEnvironment flink =
                StreamExecutionEnvironment.createLocalEnvironment(1, Backend.configuration());
        flink.getConfig().enableObjectReuse();
        flink.enableCheckpointing(CHECKPOINTING_INTERVAL_MILLIS);
        flink.getCheckpointConfig().setCheckpointStorage(Backend.checkpoints());
        flink.setStateBackend(backend.ofFlink());
        DataStream<Tuple2<String, byte[]>> views = flink.fromSource(
                source(assignment), WatermarkStrategy.forBoundedOutOfOrderness(Views.OUT_OF_ORDER), "source", VIEW);
        views.filter(view -> view.f1[0] == Views.IMPRESSION)
                .connect(views.filter(view -> view.f1[0] == Views.PLAY))
                .keyBy(view -> view.f0, view -> view.f0)
                .process(join(), VIEW)
                .sinkTo(sink(assignment));
        flink.execute("native");
    }

    private static org.apache.flink.connector.kafka.source.KafkaSource<Tuple2<String, byte[]>> source(
            Assignment assignment) {
        return org.apache.flink.connector.kafka.source.KafkaSource.<Tuple2<String, byte[]>>builder()
                .setBootstrapServers(assignment.bootstrapServers())
                .setTopics(assignment.input())
                .setGroupId(assignment.output())
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setProperties(ClientSettings.properties(KafkaSource.CLIENT_DEFAULTS))
                .setDeserializer(new ReadView())
                .build();
    }

    private static org.apache.flink.connector.kafka.sink.KafkaSink<Tuple2<String, byte[]>> sink(Assignment assignment) {
        String topic = assignment.output();
        KafkaRecordSerializationSchema<Tuple2<String, byte[]>> written = (view, context, time) ->
                new ProducerRecord<>(topic, null, time, view.f0.getBytes(StandardCharsets.UTF_8), view.f1);
        return org.apache.flink.connector.kafka.sink.KafkaSink.<Tuple2<String, byte[]>>builder()
                .setBootstrapServers(assignment.bootstrapServers())
                .setKafkaProducerConfig(ClientSettings.properties(KafkaSink.CLIENT_DEFAULTS))
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(written)
                .build();
    }

    private static final class ReadView implements KafkaRecordDeserializationSchema<Tuple2<String, byte[]>> {
        private static final long serialVersionUID = 1;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> read, Collector<Tuple2<String, byte[]>> out) {
            out.collect(Tuple2.of(new String(read.key(), StandardCharsets.UTF_8), read.value()));
        }

        @Override
        public TypeInformation<Tuple2<String, byte[]>> getProducedType() {
            return VIEW;
        }
    }
}
