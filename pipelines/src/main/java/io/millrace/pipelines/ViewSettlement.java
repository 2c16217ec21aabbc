package io.millrace.pipelines;

import io.millrace.devinterface.spec.SourceSpec;
import io.millrace.devinterface.spec.ViewControlSpec;
import io.millrace.devinterface.spec.ViewSpec;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.source.EventTimes;
import io.millrace.io.source.OffsetRange;
import io.millrace.pipelines.KeySettlement.Settled;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.pipelines.view.ChangedKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
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

    /** Why keys stay that a view does not know; nothing where they are deleted. */
    private Optional<String> whyKept(String name, ViewSpec view) {
        if (before.known().isEmpty()) {
            return Optional.of("it is not known with what spec the job ran before");
        }
        if (view.publish() != null) {
            return Optional.of("a full publish may have them that the view has not had yet");
        }
        boolean isShared = job.spec().routes().stream()
                .filter(route -> !route.reads(name))
                .flatMap(route -> route.sink().viewStore().stream())
                .anyMatch(store -> job.routes().stream()
                        .filter(route -> route.reads(name))
                        .flatMap(route -> route.sink().viewStore().stream())
                        .anyMatch(store::overlaps));
        return isShared ? Optional.of("another route writes to the same store") : Optional.empty();
    }

    /** One view. */
    private final class OneView {
        private final AskedView view;
        private final StoredViews stored;
        private final Optional<String> whyKept;
        private final Set<String> keys = new HashSet<>();
        private long compared;
        private long deleted;
        private long repaired;
        private long gone;

        OneView(AskedView view, StoredViews stored) {
            this.view = view;
            this.stored = stored;
            this.whyKept = whyKept(view.name(), view.view());
        }

        void settle() throws IOException {
            boolean areAllKnown = before.areAll();
            for (RouterJob reader : before.known().isEmpty() ? List.of(job) : before.known()) {
                ViewSpec read = reader.views().get(view.name());
                areAllKnown &= read != null && settleKeysOf(reader, read);
            }
            settleKeys();
            terminal.out()
                    .println(
                            "view %s: %,d keys compared that were changed since; %,d were deleted that it does not have, and %,d written again"
                                    .formatted(view.name(), compared, deleted, repaired));
            whyKept.ifPresent(why ->
                    terminal.out().println("view " + view.name() + ": keys that it does not know stay, since " + why));
            if (!areAllKnown) {
                terminal.err()
                        .println("view " + view.name()
                                + ": not all jobs since the point are known, had a view of this name, and read topics that are read still: the"
                                + " keys that only others have changed are not compared");
            }
            if (gone > 0) {
                terminal.err()
                        .printf(
                                "view %s: the keys of %,d offsets are not compared, which Kafka has deleted since%n",
                                view.name(), gone);
            }
        }

        /** Settles what a job has read, by the connections that there are now; whether all of its topics are read still. */
        private boolean settleKeysOf(RouterJob reader, ViewSpec read) throws IOException {
            boolean all = true;
            for (Map.Entry<String, SourceSpec> source :
                    reader.ownSpec().namedSources().entrySet()) {
                KafkaSource then = source.getValue().kafka();
                if (then != null && read.reads(source.getKey())) {
                    for (String topic : then.topics()) {
                        Optional<KafkaSource> now = sourceOf(topic);
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
                gone += KafkaEvents.forEachIn(kafka, times, Map.of(topic, ranges), (event, time) -> {
                    changed.of(event, time).stream().filter(stored::canHave).forEach(keys::add);
                    if (keys.size() >= KEYS_AT_A_TIME) {
                        settleKeysUnchecked();
                    }
                });
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
            Settled settled = KeySettlement.settle(keys, view, stored, whyKept.isEmpty(), terminal);
            compared += keys.size();
            deleted += settled.deleted().size();
            repaired += settled.repaired().size();
            keys.clear();
            warn(settled.left(), "differ still, though they were written again: view verify says more of them");
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
