package io.millrace.pipelines;

import io.millrace.devinterface.spec.SourceSpec;
import io.millrace.devinterface.spec.ViewControlSpec;
import io.millrace.devinterface.spec.ViewSpec;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.source.EventTimes;
import io.millrace.io.source.OffsetRange;
import io.millrace.pipelines.KeySettlement.Extent;
import io.millrace.pipelines.KeySettlement.Settled;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.pipelines.view.ChangedKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes right what is stored of the views of a job that was taken back. What it has told again is stored; but of a key of which the job of before took events that it does not take any more, something
 * newer may be, and keys may be stored that it does not know. A store cannot be asked what keys it has: those that may differ are the keys of the events that jobs took since the point.
 */
final class ViewSettlement {
    /** For how many keys it is remembered at a time that they are to be compared. */
    private static final int KEYS_AT_A_TIME = 100_000;

    private final RouterJob job;
    private final Rewinds.Writers before;
    private final TopicOffsets from;
    private final TopicOffsets until;
    private final Terminal terminal;

    /**
     * Those of a job that has read all again between some offsets.
     *
     * @param before what has read that before
     */
    ViewSettlement(RouterJob job, Rewinds.Writers before, TopicOffsets from, TopicOffsets until, Terminal terminal) {
        this.job = job;
        this.before = before;
        this.from = from;
        this.until = until;
        this.terminal = terminal;
    }

    /** Whether a job has any. */
    static boolean areIn(RouterJob job) {
        return job.routes().stream()
                .anyMatch(route -> route.sink().viewStore().isPresent()
                        && job.views().keySet().stream().anyMatch(route::reads));
    }

    /** Settles one after the other. */
    void settle() throws IOException {
        for (Map.Entry<String, ViewSpec> view : job.views().entrySet()) {
            ViewControlSpec control = view.getValue().control();
            Optional<StoredViews> stores = StoredViews.of(view.getKey(), job.routes());
            if (stores.isPresent()) {
                try (StoredViews stored = stores.get()) {
                    if (control == null) {
                        terminal.out()
                                .println(
                                        "view " + view.getKey()
                                                + ": what is stored of keys that are not told again stays, since without control the view cannot be asked");
                    } else {
                        AskedView asked = new AskedView(job.ownSpec(), view.getKey(), view.getValue(), control.kafka());
                        new OneView(asked, stored).settle();
                    }
                }
            }
        }
    }

    /**
     * What is made right of what is stored of a view.
     *
     * @param why why not all
     */
    private record Limit(Extent extent, String why) {}

    private Limit limit(String name, ViewSpec view) {
        if (view.publish() != null) {
            return new Limit(Extent.BEHIND, "a full publish may have them that the view has not had yet");
        }
        boolean isShared = job.spec().routes().stream()
                .filter(route -> !route.reads(name))
                .flatMap(route -> route.sink().viewStore().stream())
                .anyMatch(store -> job.routes().stream()
                        .filter(route -> route.reads(name))
                        .flatMap(route -> route.sink().viewStore().stream())
                        .anyMatch(store::overlaps));
        if (isShared) {
            return new Limit(Extent.BEHIND, "another route writes to the same store");
        }
        return before.known().isEmpty()
                ? new Limit(Extent.KNOWN, "it is not known with what spec the job ran before")
                : new Limit(Extent.ALL, "");
    }

    /** One view. */
    private final class OneView {
        private final AskedView view;
        private final StoredViews stored;
        private final Limit limit;
        private final Map<String, Long> gone = new HashMap<>();
        private final Set<String> keys = new HashSet<>();
        private long compared;
        private long deleted;
        private long repaired;

        OneView(AskedView view, StoredViews stored) {
            this.view = view;
            this.stored = stored;
            this.limit = limit(view.name(), view.view());
        }

        void settle() throws IOException {
            boolean areAllKnown = before.areAll();
            for (RouterJob reader : readers()) {
                ViewSpec read = reader.views().get(view.name());
                areAllKnown &= read != null && settleKeysOf(reader, read);
            }
            settleKeys();
            terminal.out()
                    .println(
                            "view %s: %,d keys compared that were changed since; %,d were deleted that it does not have, and %,d written again"
                                    .formatted(view.name(), compared, deleted, repaired));
            if (!areAllKnown) {
                terminal.err()
                        .println("view " + view.name()
                                + ": not all jobs since the point are known, had a view of this name, and read what had been read at the point and is read still: the"
                                + " keys that only others have changed are not compared");
            }
            long goneOffsets = gone.values().stream().mapToLong(Long::longValue).sum();
            if (goneOffsets > 0) {
                terminal.err()
                        .printf(
                                "view %s: the keys of %,d offsets are not compared, which Kafka does not have any more%n",
                                view.name(), goneOffsets);
            }
        }

        /** Where not all of before are known, the job itself stands for them: what it takes others may have taken too. */
        private Set<RouterJob> readers() {
            Set<RouterJob> readers = new LinkedHashSet<>(before.known());
            if (!before.areAll() || readers.isEmpty()) {
                readers.add(job);
            }
            return readers;
        }

        /** Settles what a job has read, by the connections that there are now; whether all of it can be read again, and has been by the job that runs. */
        private boolean settleKeysOf(RouterJob reader, ViewSpec read) throws IOException {
            boolean all = true;
            for (Map.Entry<String, SourceSpec> source :
                    reader.ownSpec().namedSources().entrySet()) {
                if (read.reads(source.getKey())) {
                    KafkaSource then = source.getValue().kafka();
                    all &= then != null;
                    for (String topic : then == null ? List.<String>of() : then.topics()) {
                        Optional<KafkaSource> now = sourceOf(topic).filter(kafka -> isReadAgain(topic));
                        all &= now.isPresent();
                        if (now.isPresent()) {
                            settleKeysOf(
                                    now.get(),
                                    topic,
                                    source.getValue().eventTimes(),
                                    ChangedKeys.of(view.name(), read, source.getKey()));
                        }
                    }
                }
            }
            return all;
        }

        /** A topic that had not been read at the point is not read again from there, but from where its source begins. */
        private boolean isReadAgain(String topic) {
            return from.offsets().containsKey(topic) && until.offsets().containsKey(topic);
        }

        private Optional<KafkaSource> sourceOf(String topic) {
            return job.sources().stream()
                    .flatMap(source -> Stream.ofNullable(source.kafka()))
                    .filter(kafka -> kafka.topics().contains(topic))
                    .findFirst();
        }

        private void settleKeysOf(KafkaSource kafka, String topic, EventTimes times, ChangedKeys changed)
                throws IOException {
            if (kafka.archive() != null) {
                job.reachFileSystems();
            }
            Map<Integer, OffsetRange> ranges = until.since(from).getOrDefault(topic, Map.of());
            try {
                long goneOfTopic = KafkaEvents.forEachIn(kafka, times, Map.of(topic, ranges), (event, time) -> {
                    changed.of(event, time).stream().filter(stored::canHave).forEach(keys::add);
                    if (keys.size() >= KEYS_AT_A_TIME) {
                        settleKeysUnchecked();
                    }
                });
                gone.merge(topic, goneOfTopic, Math::max);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }

        private void settleKeysUnchecked() {
            try {
                settleKeys();
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }

        private void settleKeys() throws IOException {
            Settled settled = KeySettlement.settle(keys, view, stored, limit.extent(), terminal);
            compared += keys.size();
            deleted += settled.deleted().size();
            repaired += settled.repaired().size();
            keys.clear();
            warn(
                    settled.kept(),
                    "are stored otherwise than the view has them in some place, and stay, since " + limit.why());
            warn(
                    settled.left(),
                    "differ still, though they were deleted or written again: they change all the time, or somebody else writes them");
            warn(
                    settled.untold(),
                    "are too large to be told: the job has written them again, and they are not compared");
            warn(
                    settled.refused(),
                    "are refused by a route or the store, which keeps what it had: dead letters say why");
        }

        private void warn(Set<String> some, String what) {
            if (!some.isEmpty()) {
                terminal.err()
                        .printf(
                                "view %s: %,d keys, such as %s, %s%n",
                                view.name(),
                                some.size(),
                                ReadableKey.of(some.iterator().next()),
                                what);
            }
        }
    }
}
