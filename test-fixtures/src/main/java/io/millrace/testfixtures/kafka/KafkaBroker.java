package io.millrace.testfixtures.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.server.FreePorts;
import io.millrace.testfixtures.server.ServerCommand;
import io.millrace.testfixtures.server.ServerProcess;
import io.millrace.testfixtures.server.WorkDirectory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A real Kafka broker (KRaft, one node) in a JVM of its own on a free port of 127.0.0.1.
 *
 * <p><i>State</i>: its port and its data outlive {@link #stop}, {@link #kill} and the next {@link #start};
 * {@link #close} deletes them.
 *
 * <p><i>Guarantee</i>: transactions and consumer groups work, with replication factor 1. Topics come into being by
 * {@link #createTopic} alone.
 *
 * <p><i>Fails</i>: a start as {@link ServerProcess} says; the helpers with an {@link IllegalStateException} around
 * what Kafka answered, or when it does not answer in a minute.
 */
public final class KafkaBroker implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final WorkDirectory directory = WorkDirectory.create("kafka");
    private final int port = FreePorts.next();
    private final ServerProcess server;

    private KafkaBroker(List<String> jvmOptions) {
        String properties = directory.write("server.properties", properties()).toString();
        server = new ServerProcess(
                new ServerCommand(
                        "kafka",
                        "kafka-server",
                        "io.millrace.testfixtures.kafkaserver.KafkaMain",
                        jvmOptions,
                        List.of(Uuid.randomUuid().toString(), properties)),
                directory,
                this::isReady);
    }

    /** A broker that is not started yet. */
    public static KafkaBroker create() {
        return new KafkaBroker(List.of("-Xmx384m"));
    }

    /** A broker, not started yet, that is compiled as one in production is: it starts slower and works faster. */
    public static KafkaBroker createForLoad() {
        return new KafkaBroker(List.of("-Xmx1g", "-XX:TieredStopAtLevel=4"));
    }

    /** Starts the broker and returns when it takes requests. */
    public KafkaBroker start() {
        server.start();
        return this;
    }

    /** Shuts the broker down in good order. */
    public void stop() {
        server.stop();
    }

    /** Ends the broker as a crash would. */
    public void kill() {
        server.kill();
    }

    /** The broker's process, to pause it or to read its log. */
    public ServerProcess process() {
        return server;
    }

    /** Where clients reach it, the same over restarts. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Creates a topic and returns when it can be written to. */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** Creates a topic with settings of its own, such as {@code max.message.bytes}, and returns when it can be written to. */
    public void createTopic(String name, int partitions, Map<String, String> settings) {
        try (Admin admin = admin()) {
            NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(settings);
            Eventually.waitUntil("a broker that takes topics", () -> isReady(admin));
            await("create topic " + name, admin.createTopics(List.of(topic)).all());
            awaitLeaders(admin, name, partitions);
        }
    }

    /** Gives a topic more partitions, {@code partitions} altogether. */
    public void growTopic(String name, int partitions) {
        try (Admin admin = admin()) {
            Map<String, NewPartitions> growth = Map.of(name, NewPartitions.increaseTo(partitions));
            await("grow topic " + name, admin.createPartitions(growth).all());
            awaitLeaders(admin, name, partitions);
        }
    }

    /** Deletes a topic with everything in it. */
    public void deleteTopic(String name) {
        try (Admin admin = admin()) {
            await("delete topic " + name, admin.deleteTopics(List.of(name)).all());
        }
    }

    /** Writes records and returns when the broker has acknowledged all of them, in their order. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final void produce(ProducerRecord<byte[], byte[]>... records) {
        produce(Arrays.asList(records));
    }

    /** Writes records and returns when the broker has acknowledged all of them, in their order. */
    public void produce(Iterable<ProducerRecord<byte[], byte[]>> records) {
        produce(StreamSupport.stream(records.spliterator(), false));
    }

    /** Writes a stream of records and returns when the broker has acknowledged all of them, in their order. */
    public void produce(Stream<ProducerRecord<byte[], byte[]>> records) {
        try (Producer<byte[], byte[]> producer = producer(Map.of())) {
            TopicWriter.write(producer, records);
        }
    }

    /** Writes texts to partition 0 of a topic, without keys. */
    public void produceTexts(String topic, String... values) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (String value : values) {
            records.add(new ProducerRecord<>(topic, 0, null, value.getBytes(UTF_8)));
        }
        produce(records);
    }

    /** Writes records in one transaction, commits it, and returns when a {@code read_committed} consumer sees them. */
    public void produceCommitted(Iterable<ProducerRecord<byte[], byte[]>> records) {
        produceInTransaction(records, Producer::commitTransaction);
    }

    /** Writes records in one transaction and aborts it: a {@code read_committed} consumer passes over them. */
    public void produceAborted(Iterable<ProducerRecord<byte[], byte[]>> records) {
        produceInTransaction(records, Producer::abortTransaction);
    }

    /**
     * Everything committed that a topic holds now, partition by partition, each in the order of its offsets.
     *
     * <p>A pending transaction ends the read: what lies behind its first record is not yet part of the topic.
     */
    public List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return TopicReader.readAll(bootstrapServers(), topic);
    }

    /** How many offsets a topic has used so far, over all partitions. */
    public long end(String topic) {
        return TopicReader.end(bootstrapServers(), topic);
    }

    /** A client that administers this broker. */
    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    /** A producer of bytes that waits for acknowledgement by all replicas, with settings of the test's own. */
    public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrapServers());
        all.putIfAbsent("acks", "all");
        all.putIfAbsent("linger.ms", 5);
        all.putIfAbsent("max.request.size", 16 << 20);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Ends the broker and deletes its data. */
    @Override
    public void close() {
        directory.close();
    }

    private void produceInTransaction(
            Iterable<ProducerRecord<byte[], byte[]>> records, Consumer<Producer<byte[], byte[]>> end) {
        try (Producer<byte[], byte[]> producer =
                producer(Map.of("transactional.id", Uuid.randomUuid().toString()))) {
            Map<TopicPartition, Long> written =
                    TopicWriter.writeInTransaction(producer, StreamSupport.stream(records.spliterator(), false), end);
            TopicReader.awaitDecided(bootstrapServers(), written);
        }
    }

    /** A partition is there before its leader is; an idempotent producer that meets it in between can get stuck. */
    private static void awaitLeaders(Admin admin, String topic, int partitions) {
        Map<TopicPartition, OffsetSpec> every = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            every.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        Eventually.waitUntil("leaders of " + topic, () -> {
            admin.listOffsets(every).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return true;
        });
    }

    private static <T> T await(String what, Future<T> answer) {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(what + ": interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(what + ": " + e, e);
        }
    }

    private boolean isReady() throws ExecutionException, InterruptedException, TimeoutException {
        try (Admin admin = admin()) {
            return isReady(admin);
        }
    }

    /** Whether the controller has heard of the broker lately: else it gives no topic a place. */
    private static boolean isReady(Admin admin) throws ExecutionException, InterruptedException, TimeoutException {
        return !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty();
    }

    private String properties() {
        int controllerPort = FreePorts.next();
        return String.join(
                "\n",
                "process.roles=broker,controller",
                "node.id=1",
                "listeners=BROKER://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "advertised.listeners=BROKER://127.0.0.1:" + port,
                "listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name=BROKER",
                "controller.listener.names=CONTROLLER",
                "log.dirs=" + directory.folder("data"),
                "auto.create.topics.enable=false",
                "log.retention.ms=-1", // events of tests are as old as a test likes
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "transaction.state.log.num.partitions=1",
                "group.initial.rebalance.delay.ms=0",
                "broker.heartbeat.interval.ms=500",
                "broker.session.timeout.ms=3000",
                "log.cleaner.dedupe.buffer.size=4194304",
                "log.index.size.max.bytes=1048576",
                "num.io.threads=4",
                "num.network.threads=2",
                "background.threads=2",
                "");
    }
}
