package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.io.bulkhead.Parking;
import io.millrace.io.files.FileEvents;
import io.millrace.io.sink.EventWriter;
import io.millrace.io.sink.Holdings;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.source.EventTimes;
import io.millrace.io.source.EventsRead;
import io.millrace.io.source.OffsetRange;
import io.millrace.io.source.Originals;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetterCoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.SystemClock;
import io.millrace.transforms.script.version.ControlLog;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.beam.sdk.io.kafka.KafkaCheckpointMark;
import org.apache.beam.sdk.io.kafka.KafkaCheckpointMark.PartitionMark;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Events out of Kafka's topics, and into them. */
public final class KafkaEvents {
    /** How many records are read at a time unless it is said. */
    public static final int MAX_READ_AT_A_TIME = ReadConsumer.MAX_EVENTS_IN_ELEMENT;

    private KafkaEvents() {}

    /** Events, at their times, out of the topics of a source. */
    public static Read read(KafkaSource source) {
        return new Read(
                source,
                EventTimes.ofRecords(),
                SystemClock.utc(),
                StartOffsets.NONE,
                false,
                ReadConsumer.MAX_EVENTS_IN_ELEMENT,
                false);
    }

    /**
     * The offsets that reads of Kafka had come to, by the checkpoint marks of their splits, as the JSON that {@link Read#goingOnAt}
     * takes. Marks of other sources say nothing.
     *
     * @throws IllegalArgumentException if the marks do not say it for every partition of a topic
     */
    public static String offsets(Collection<? extends CheckpointMark> marks) {
        return StartOffsets.of(marks).json();
    }

    /** How far event time had come in reads of Kafka, which is the earliest of their partitions; empty where nothing had been read. */
    public static Optional<Instant> watermark(Collection<? extends CheckpointMark> marks) {
        return watermarks(marks)
                .min(Comparator.naturalOrder())
                .filter(millis -> millis > BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis())
                .map(Instant::ofEpochMilli);
    }

    /** The same of the partition in which it had come furthest: no event was later by more than may be out of order. */
    public static Optional<Instant> furthestWatermark(Collection<? extends CheckpointMark> marks) {
        return watermarks(marks)
                .filter(millis -> millis < BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis())
                .max(Comparator.naturalOrder())
                .filter(millis -> millis > BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis())
                .map(Instant::ofEpochMilli);
    }

    private static Stream<Long> watermarks(Collection<? extends CheckpointMark> marks) {
        return marks.stream()
                .flatMap(mark ->
                        mark instanceof KafkaCheckpointMark reached ? reached.getPartitions().stream() : Stream.empty())
                .map(PartitionMark::getWatermarkMillis);
    }

    /**
     * Which offsets the topics of a source hold now, by topic and partition.
     *
     * @throws IOException if a topic is not there, or no broker answers
     */
    public static Map<String, Map<Integer, OffsetRange>> held(KafkaSource source) throws IOException {
        return new TopicRanges(source).ask();
    }

    /**
     * The first offsets of a range of a partition that are not in the archive of a source; nothing where all are.
     *
     * @throws IOException if the archive cannot be read
     */
    public static Optional<OffsetRange> notArchived(KafkaSource source, String topic, int partition, OffsetRange range)
            throws IOException {
        return source.archive() == null
                ? Optional.of(range)
                : FileEvents.archive(source.archive()).lacking(ConsumerFactory.stream(source, topic), partition, range);
    }

    /** The streams of a source, as an {@link io.millrace.transforms.event.Origin} names them, each with its topic. A broker is asked. */
    public static Map<String, String> streams(KafkaSource source) {
        Map<String, String> streams = new TreeMap<>();
        source.topics().forEach(topic -> streams.put(ConsumerFactory.stream(source, topic), topic));
        return streams;
    }

    /** The topic of a stream, as an {@link io.millrace.transforms.event.Origin} names it. */
    public static String topicOf(String stream) {
        return stream.substring(stream.lastIndexOf('/') + 1).replaceFirst("@[0-9]+$", "");
    }

    /** The records of a source's topics, to be read again one by one. */
    public static Originals originals(KafkaSource source) {
        return new KafkaOriginals(source);
    }

    /**
     * Gives the value of every record that a sink's topic holds now to an action, in this process, one after the other; repeats too, and
     * what other routes wrote.
     *
     * @throws IOException if the topic is not there, or cannot be read
     */
    public static void forEach(KafkaSink sink, java.util.function.Consumer<byte[]> action) throws IOException {
        new TopicContents(sink).forEach(action);
    }

    /**
     * Gives the events in ranges of a source's topics to an action, in this process, those of a partition in their order, each with its time in
     * epoch milliseconds, or {@code Long.MIN_VALUE} where it has none that can be used. What Kafka has deleted of them comes out of the source's archive.
     *
     * @param ranges which offsets, by topic and partition; what is not of the source is left out
     * @return how many offsets are left out: those up to the last that neither Kafka has any more, nor the source's archive
     * @throws IOException if they cannot be read
     */
    public static long forEachIn(
            KafkaSource source,
            EventTimes times,
            Map<String, Map<Integer, OffsetRange>> ranges,
            ObjLongConsumer<Event> action)
            throws IOException {
        return new EventsInRanges(source, times, ranges).forEach(action);
    }

    /** The versions of a script in a topic. */
    public static ControlLog controlLog(ControlTopic settings) {
        return new TopicLog(settings);
    }

    /** Where the events of routes wait whose sinks do not keep up. */
    public static Parking parking(KafkaParking settings) {
        return new TopicParking(settings);
    }

    /**
     * Of each route that has events waiting in parking, the offset at which to read each partition of their topics again so that none of
     * them is missing, as JSON like {@link #offsets}.
     */
    public static Map<String, String> parkedFrom(KafkaParking settings, Collection<String> routes)
            throws IOException, InterruptedException {
        Map<String, String> from = new TreeMap<>();
        try (ParkedStarts starts = new ParkedStarts(settings)) {
            for (String route : routes) {
                StartOffsets first = starts.of(route);
                if (!first.equals(StartOffsets.NONE)) {
                    from.put(route, first.json());
                }
            }
        } catch (KafkaException e) {
            throw new IOException(e.getMessage(), e);
        }
        return from;
    }

    /** Forgets what waits in parking of routes, since it is read and delivered again. */
    public static void unpark(KafkaParking settings, Collection<String> routes) throws InterruptedException {
        try (ParkedStarts starts = new ParkedStarts(settings)) {
            for (String route : routes) {
                starts.forget(route);
            }
        }
    }

    /** What writes a route's events to a topic on a thread of its own; each as {@link Write} does, and with its guarantees. */
    public static EventWriter.Factory writer(KafkaSink sink, SinkContext context) {
        return () -> new TopicWriter(TopicProducer.open(sink, context));
    }

    /** Dead letters of what a topic did not take, for events of a route. */
    public static Write write(KafkaSink sink, SinkContext context) {
        return new Write(sink, context);
    }

    /**
     * What a topic holds of a route, as a consumer sees it that follows {@link Deduplicate}: a result that stands only
     * behind the mark of its input partition is there and yet not seen. Records without Millrace's headers are given
     * too, those of other routes are not.
     */
    public static Holdings holdings(KafkaSink sink, SinkContext context) {
        return new KafkaHoldings(sink, context.route());
    }

    /**
     * Events, at their times, out of the topics of a {@link KafkaSource}; and dead letters of records whose time cannot be used.
     *
     * <p><i>Shape</i>: unbounded, in the global window. A key, a value and a header's value may be null; headers keep their order.
     * Only records of committed transactions.
     *
     * <p><i>Time</i>: as {@link EventTimes} says. Records are read up to a thousand at a time, and the watermark moves in between. A
     * partition's watermark follows its newest event time, or the clock when the broker has answered for {@code idleAfter} that
     * there is nothing more to read; an empty partition holds nothing back, one with an undecided transaction at its end does.
     * What has a stop ends by its watermark reaching the end of time: the run is bounded, and yet streams until then.
     *
     * <p><i>Guarantee</i>: from a checkpoint, every record after its positions, each partition in its order. The bounds of the read are
     * looked up once, when it is split, and are part of the checkpoint, as is all of this transform: to change it, give the
     * step another name. A record that retention removed before it was read comes from the source's archive, in its place, if it has one;
     * else nothing comes out. Secrets are references, resolved where a client is opened.
     *
     * <p><i>Fails</i>: at once where a topic does not exist, or start offsets do not name its partitions; while running, within half a
     * minute after a topic gained partitions, since those are not read; and where a partition no longer holds the next record to
     * read, because retention deleted it, and an archive does not have it either, or the topic was made anew. At once where a topic with an archive is compacted.
     */
    public static final class Read extends PTransform<PBegin, EventsRead> {
        private static final long serialVersionUID = 1;
        private static final TupleTag<Event> EVENTS = new TupleTag<>("events");
        private static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters");
        private static final TupleTag<Event> ARCHIVED = new TupleTag<>("archived");

        private static final Coder<byte[]> BYTES_OR_NULL = NullableCoder.of(ByteArrayCoder.of());

        private final KafkaSource source;
        private final EventTimes times;
        private final Clock clock;
        private final StartOffsets reached;
        private final boolean splitsAtOnce;
        private final int maxEventsInElement;
        private final boolean archives;

        private Read(
                KafkaSource source,
                EventTimes times,
                Clock clock,
                StartOffsets reached,
                boolean splitsAtOnce,
                int maxEventsInElement,
                boolean archives) {
            this.source = source;
            this.times = times;
            this.clock = clock;
            this.reached = reached;
            this.splitsAtOnce = splitsAtOnce;
            this.maxEventsInElement = maxEventsInElement;
            this.archives = archives;
        }

        /** The same events, at other times; unless said, the times of the records. */
        public Read withEventTimes(EventTimes times) {
            return new Read(source, times, clock, reached, splitsAtOnce, maxEventsInElement, archives);
        }

        /** The same, with another clock to tell idle partitions and a stop's time; it is serialised with the read. */
        public Read withClock(Clock clock) {
            return new Read(source, times, clock, reached, splitsAtOnce, maxEventsInElement, archives);
        }

        /**
         * The same, going on where a read before it had come to; nothing of where its source says to begin counts for the topics
         * of that read, and their partitions without an offset, gained since, are read from their first record.
         *
         * @param offsets JSON of {@link KafkaEvents#offsets}
         */
        public Read goingOnAt(String offsets) {
            return new Read(
                    source, times, clock, StartOffsets.read(offsets), splitsAtOnce, maxEventsInElement, archives);
        }

        /**
         * The same, with its partitions and bounds looked up where the pipeline is constructed, which needs the brokers and the secrets
         * there, and fails there if they do not answer.
         *
         * <p>On Flink, a source that is still being split when a checkpoint is taken is restored from that as one without splits: the job
         * runs and reads nothing. So a read that has to ask the brokers first must not be submitted to a cluster without this.
         */
        public Read splittingAtOnce() {
            return new Read(source, times, clock, reached, true, maxEventsInElement, archives);
        }

        /**
         * The same, with fewer records read at a time than a thousand: for events that take long, since until all that were read at a time
         * are processed there is no checkpoint.
         */
        public Read readingAtATime(int records) {
            checkArgument(records >= 1, "records must be at least 1, but was %s", records);
            return new Read(source, times, clock, reached, splitsAtOnce, records, archives);
        }

        /**
         * The same, giving besides all records as lines of an archive, {@link EventsRead#archived}; of a source that has one.
         */
        public Read archiving() {
            checkArgument(source.archive() != null, "archive must be given of a source that is archived");
            return new Read(source, times, clock, reached, splitsAtOnce, maxEventsInElement, true);
        }

        @Override
        public EventsRead expand(PBegin input) {
            TupleTagList others = TupleTagList.of(DEAD_LETTERS);
            PCollectionTuple read = input.apply("ReadRecords", records())
                    .apply(
                            "ToEvents",
                            ParDo.of(new ToEventsFn(DEAD_LETTERS, archives ? ARCHIVED : null))
                                    .withOutputTags(EVENTS, archives ? others.and(ARCHIVED) : others));
            EventsRead events = EventsRead.of(
                    read.get(EVENTS).setCoder(EventCoder.of()),
                    read.get(DEAD_LETTERS).setCoder(DeadLetterCoder.of()));
            return archives ? events.with(read.get(ARCHIVED).setCoder(EventCoder.of())) : events;
        }

        KafkaIO.Read<byte[], PolledEvents> records() {
            ReadProgress progress = new ReadProgress(bounds());
            KafkaIO.Read<byte[], PolledEvents> records = KafkaIO.<byte[], PolledEvents>read()
                    .withBootstrapServers(source.bootstrapServers())
                    .withKeyDeserializerAndCoder(ByteArrayDeserializer.class, BYTES_OR_NULL)
                    .withValueDeserializer(new PolledRecord.Unpacking())
                    .withConsumerConfigUpdates(consumerConfiguration())
                    .withOffsetConsumerConfigOverrides(ConsumerFactory.OF_END_CONSUMER)
                    .withConsumerFactoryFn(new ConsumerFactory(source, times, progress, clock, maxEventsInElement))
                    .withTimestampPolicyFactory(new EventTimePolicy.Factory(progress, times))
                    .withOffsetDeduplication(
                            false); // only the unbounded source knows it: so KafkaIO never takes the splittable DoFn
            KafkaIO.Read<byte[], PolledEvents> ofTopics = splitsAtOnce
                    ? records.withTopicPartitions(partitions(records))
                    : records.withTopics(source.topics());
            return source.groupId() == null ? ofTopics : ofTopics.commitOffsetsInFinalize();
        }

        /** A consumer that reads the same in this process, between the bounds of a progress of its own. */
        Consumer<byte[], byte[]> consumer(ReadProgress progress) {
            Map<String, Object> configuration = consumerConfiguration();
            configuration.remove("group.id");
            configuration.put("key.deserializer", ByteArrayDeserializer.class);
            configuration.put("value.deserializer", ByteArrayDeserializer.class);
            return new ConsumerFactory(source, times, progress, clock, maxEventsInElement).apply(configuration);
        }

        private List<TopicPartition> partitions(KafkaIO.Read<byte[], PolledEvents> records) {
            try (Consumer<byte[], byte[]> consumer =
                    records.getConsumerFactoryFn().apply(records.getConsumerConfig())) {
                return source.topics().stream()
                        .flatMap(topic -> consumer.partitionsFor(topic).stream())
                        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                        .toList();
            }
        }

        private ReadBounds bounds() {
            String offsets = source.startOffsets();
            StartOffsets startOffsets = offsets == null ? null : StartOffsets.read(offsets);
            return new ReadBounds(source.start(), startOffsets, reached, source.stop());
        }

        private Map<String, Object> consumerConfiguration() {
            Map<String, Object> configuration = new HashMap<>();
            configuration.put("isolation.level", "read_committed");
            configuration.put("auto.offset.reset", "none"); // every start is sought explicitly
            configuration.put("enable.auto.commit", false);
            configuration.put("allow.auto.create.topics", false);
            configuration.putAll(KafkaSource.CLIENT_DEFAULTS);
            if (source.groupId() != null) {
                configuration.put("group.id", requireNonNull(source.groupId()));
            }
            return configuration;
        }
    }

    /**
     * Dead letters of what a topic did not take, for events of a route, of which all others were written to that topic.
     *
     * <p><i>Shape</i>: any windows. A record has the event's key, value and headers, in order, and then the headers
     * {@code millrace-id}, {@code millrace-epoch}, {@code millrace-route} and {@code millrace-spec}; a null value is a tombstone.
     *
     * <p><i>Time</i>: a record's timestamp is the element's; an element without one leaves it to the producer. Dead letters keep
     * timestamp and window. A bundle ends when Kafka has acknowledged its records.
     *
     * <p><i>Guarantee</i>: each record once, unless the runner repeats the bundle; an event in several windows once for each.
     * Records go to the partition of their key, as Kafka's own partitioner has it, and those without a key to the partition of
     * their input partition. So each partition has an input partition's records in their order, also when they are repeated,
     * and a consumer tells repeats, and what a job that was taken back makes again, by one mark an input partition, as {@link Deduplicate} does. What a replay
     * of dead letters writes comes behind that mark: it has the header {@code millrace-replay}, and is told by its {@code millrace-id}. So are the results of a route that has no
     * order to keep, {@link SinkContext#inOrder}, which have the header {@code millrace-unordered}. One exception to the order: a broker that refuses a
     * record, by a rule of the topic that could not be checked before, refuses its batch; the others of the batch are then sent
     * again, each alone, and may stand behind later ones.
     *
     * <p><i>Fails</i>: when the step opens, where the topic does not exist or does not answer. A broker that goes away later holds
     * the bundle until it is back; waiting ends when the task is interrupted. A record over a size limit is a dead letter
     * {@code tooLarge}, one that breaks another rule of the topic {@code refused}; any other error fails the bundle.
     */
    public static final class Write extends PTransform<PCollection<Event>, PCollection<DeadLetter>> {
        private static final long serialVersionUID = 1;

        private final KafkaSink sink;
        private final SinkContext context;

        private Write(KafkaSink sink, SinkContext context) {
            this.sink = sink;
            this.context = context;
        }

        @Override
        public PCollection<DeadLetter> expand(PCollection<Event> events) {
            return events.apply("Produce", ParDo.of(new ProduceFn(sink, context)))
                    .setCoder(DeadLetterCoder.of());
        }
    }
}
