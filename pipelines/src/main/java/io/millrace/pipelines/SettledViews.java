package io.millrace.pipelines;

import io.millrace.devinterface.spec.SourceSpec;
import io.millrace.devinterface.spec.ViewControlSpec;
import io.millrace.devinterface.spec.ViewSpec;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.source.EventTimes;
import io.millrace.pipelines.Verification.Settled;
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

/**
 * Makes right what is stored of the views of a job that was taken back. What it has told again is stored; but of a key of which the job of before took events that it does not take any more, something
 * newer may be, and keys may be stored that it does not know. A store cannot be asked what keys it has: those that may differ are the keys of the events that jobs took since the point.
 */
final class SettledViews {
    /** For how many keys it is remembered at a time that they are to be compared. */
    private static final int KEYS_AT_A_TIME = 100_000;

    private final RouterJob job;
    private final List<RouterJob> before;
    private final TopicOffsets from;
    private final TopicOffsets until;
    private final Terminal terminal;

    /**
     * Those of a job that has read all again between some offsets.
     *
     * @param before what has read that before, as far as it is known
     */
    SettledViews(RouterJob job, List<RouterJob> before, TopicOffsets from, TopicOffsets until, Terminal terminal) {
        this.job = job;
        this.before = List.copyOf(before);
        this.from = from;
        this.until = until;
        this.terminal = terminal;
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
                        new One(asked, stored).settle();
                    }
                }
            }
        }
    }

    /** Why keys stay that a view does not know; nothing where they are deleted. */
    private Optional<String> whyKept(String name, ViewSpec view) {
        if (before.isEmpty()) {
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
                        .anyMatch(route -> route.sink().viewStore().equals(Optional.of(store))));
        return isShared ? Optional.of("another route writes to the same store") : Optional.empty();
    }

    /** One view. */
    private final class One {
        private final AskedView view;
        private final StoredViews stored;
        private final Verification verification;
        private final Optional<String> whyKept;
        private final Set<String> keys = new HashSet<>();
        private long compared;
        private long deleted;
        private long repaired;
        private long gone;

        One(AskedView view, StoredViews stored) {
            this.view = view;
            this.stored = stored;
            this.verification = new Verification(view, stored, terminal);
            this.whyKept = whyKept(view.name(), view.view());
        }

        void settle() throws IOException {
            for (RouterJob reader : before.isEmpty() ? List.of(job) : before) {
                ViewSpec read = reader.views().get(view.name());
                if (read != null) {
                    settleKeysOf(reader, read);
                }
            }
            settleKeys();
            terminal.out()
                    .println(
                            "view %s: %,d keys compared that were changed since; %,d were deleted that it does not have, and %,d written again"
                                    .formatted(view.name(), compared, deleted, repaired));
            whyKept.ifPresent(why ->
                    terminal.out().println("view " + view.name() + ": keys that it does not know stay, since " + why));
            if (gone > 0) {
                terminal.err()
                        .printf(
                                "view %s: the keys of %,d offsets are not compared, which Kafka has deleted since%n",
                                view.name(), gone);
            }
        }

        private void settleKeysOf(RouterJob reader, ViewSpec read) throws IOException {
            for (Map.Entry<String, SourceSpec> source :
                    reader.ownSpec().namedSources().entrySet()) {
                KafkaSource kafka = source.getValue().kafka();
                if (kafka != null && read.reads(source.getKey())) {
                    if (kafka.archive() != null) {
                        reader.reachFileSystems();
                    }
                    settleKeysOf(
                            kafka, source.getValue().eventTimes(), ChangedKeys.of(view.name(), read, source.getKey()));
                }
            }
        }

        private void settleKeysOf(KafkaSource kafka, EventTimes times, ChangedKeys changed) throws IOException {
            try {
                gone += KafkaEvents.forEach(kafka, times, until.since(from), (event, time) -> {
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
            Settled settled = verification.settle(List.copyOf(keys), whyKept.isEmpty());
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
