package io.millrace.benchmarks.enrich;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.ClientSettings;
import io.millrace.benchmarks.race.Work;
import io.millrace.io.http.HttpLookup;
import io.millrace.io.kafka.KafkaSink;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.transforms.enricher.LookupClient;
import io.millrace.transforms.expression.DocumentField;
import io.millrace.transforms.expression.EvaluationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What an engineer writes by hand: Flink's asynchronous function, unordered, by the same client of HTTP. */
public final class NativeLookup implements Work {
    private static final long CHECKPOINTING_INTERVAL_MILLIS = 10_000;
    private static final long TIMEOUT_SECONDS = 60;

    @Override
    public void run(List<String> arguments) throws Exception {
        Assignment assignment = Assignment.parse(arguments);
        Lookup lookup = Lookup.parse(arguments);
        StreamExecutionEnvironment flink =
                StreamExecutionEnvironment.createLocalEnvironment(lookup.parallelism(), new Configuration());
        flink.getConfig().enableObjectReuse();
        flink.enableCheckpointing(CHECKPOINTING_INTERVAL_MILLIS);
        DataStream<byte[]> plays = flink.fromSource(
                source(assignment), WatermarkStrategy.noWatermarks(), "source", TypeInformation.of(byte[].class));
        AsyncDataStream.unorderedWait(
                        plays, new Ask(lookup.url()), TIMEOUT_SECONDS, TimeUnit.SECONDS, lookup.maxInFlight())
                .returns(TypeInformation.of(byte[].class))
                .sinkTo(sink(assignment));
        flink.execute("native");
    }

    private static org.apache.flink.connector.kafka.source.KafkaSource<byte[]> source(Assignment assignment) {
        return org.apache.flink.connector.kafka.source.KafkaSource.<byte[]>builder()
                .setBootstrapServers(assignment.bootstrapServers())
                .setTopics(assignment.input())
                .setGroupId(assignment.output())
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setProperties(ClientSettings.properties(KafkaSource.CLIENT_DEFAULTS))
                .setDeserializer(new Values())
                .build();
    }

    private static org.apache.flink.connector.kafka.sink.KafkaSink<byte[]> sink(Assignment assignment) {
        SerializationSchema<byte[]> bytes = value -> value;
        return org.apache.flink.connector.kafka.sink.KafkaSink.<byte[]>builder()
                .setBootstrapServers(assignment.bootstrapServers())
                .setKafkaProducerConfig(ClientSettings.properties(KafkaSink.CLIENT_DEFAULTS))
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(KafkaRecordSerializationSchema.<byte[]>builder()
                        .setTopic(assignment.output())
                        .setValueSerializationSchema(bytes)
                        .build())
                .build();
    }

    private static final class Values implements KafkaRecordDeserializationSchema<byte[]> {
        private static final long serialVersionUID = 1;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> read, Collector<byte[]> out) {
            out.collect(read.value());
        }

        @Override
        public TypeInformation<byte[]> getProducedType() {
            return TypeInformation.of(byte[].class);
        }
    }

    private static final class Ask extends RichAsyncFunction<byte[], byte[]> {
        private static final long serialVersionUID = 1;
        private static final JsonFactory JSON = new JsonFactory();

        private final String url;
        private transient @Nullable LookupClient<String, byte[]> client;
        private transient @Nullable DocumentField field;

        Ask(String url) {
            this.url = url;
        }

        @Override
        public void open(Configuration configuration) {
            client = HttpLookup.of(url + "/history/{key}").open();
            field = DocumentField.named("history");
        }

        @Override
        @SuppressWarnings("NullAway") // opened before it is used
        public void asyncInvoke(byte[] play, ResultFuture<byte[]> result) {
            String key = profile(play);
            client.lookUp(Set.of(key)).whenComplete((histories, failure) -> {
                if (failure == null) {
                    result.complete(List.of(place(play, histories.get(key))));
                } else {
                    result.completeExceptionally(failure);
                }
            });
        }

        /** Threads of the client do this, several at a time. */
        @SuppressWarnings("NullAway") // opened before it is used
        private byte[] place(byte[] play, byte @Nullable [] history) {
            try {
                synchronized (field) {
                    return history == null ? play : field.set(play, history);
                }
            } catch (EvaluationException e) {
                throw new IllegalStateException(e);
            }
        }

        private static String profile(byte[] play) {
            try (JsonParser parser = JSON.createParser(play)) {
                while (parser.nextToken() != null) {
                    if (parser.currentToken() == JsonToken.FIELD_NAME
                            && parser.getCurrentName().equals("profile_id")) {
                        return parser.nextTextValue();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            throw new IllegalArgumentException("a play must have a profile");
        }

        @Override
        @SuppressWarnings("NullAway") // opened before it is closed
        public void close() {
            client.close();
        }
    }
}
