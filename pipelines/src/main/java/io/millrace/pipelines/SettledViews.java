package io.millrace.pipelines;

import io.millrace.devinterface.spec.SourceSpec;
import io.millrace.devinterface.spec.ViewControlSpec;
import io.millrace.devinterface.spec.ViewSpec;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.pipelines.Verification.Settled;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.pipelines.view.ChangedKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes right what is stored of the views of a job that was taken back. What it has told again is stored; but of a key of which the job of before took events that it does not take any more,
 * something newer may be, and keys may be stored that it does not know. A store cannot be asked what keys it has: those that may differ are the keys of the events that were read again.
 */
final class SettledViews {
    /** For how many keys it is remembered at a time that they are to be compared. */
    private static final int KEYS_AT_A_TIME = 100_000;

    private final RouterJob job;
    private final TopicOffsets from;
    private final TopicOffsets until;
    private final Terminal terminal;

    /** Those of a job that has read all again between some offsets. */
    SettledViews(RouterJob job, TopicOffsets from, TopicOffsets until, Terminal terminal) {
        this.job = job;
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

    /** One view. */
    private final class One {
        private final AskedView view;
        private final StoredViews stored;
        private final Verification verification;
        private final Set<String> keys = new HashSet<>();
        private long compared;
        private long removed;
        private long repaired;

        One(AskedView view, StoredViews stored) {
            this.view = view;
            this.stored = stored;
            this.verification = new Verification(view, stored, terminal);
        }

        void settle() throws IOException {
            for (Map.Entry<String, SourceSpec> source :
                    job.ownSpec().namedSources().entrySet()) {
                KafkaSource kafka = source.getValue().kafka();
                if (kafka != null && view.view().reads(source.getKey())) {
                    settle(source.getKey(), source.getValue(), kafka);
                }
            }
            settleKeys();
            terminal.out()
                    .println(
                            "view %s: %,d keys compared of which something was read again; %,d were removed that it does not have, and %,d written again"
                                    .formatted(view.name(), compared, removed, repaired));
        }

        private void settle(String name, SourceSpec source, KafkaSource kafka) throws IOException {
            if (kafka.archive() != null) {
                job.reachFileSystems();
            }
            ChangedKeys changed = ChangedKeys.of(view.name(), view.view(), name);
            try {
                KafkaEvents.forEach(kafka, source.eventTimes(), until.since(from), (event, time) -> {
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
            Settled settled = verification.settle(Set.copyOf(keys));
            compared += keys.size();
            removed += settled.removed();
            repaired += settled.repaired();
            keys.clear();
            if (!settled.left().isEmpty()) {
                throw new IOException("%,d keys of view %s are stored otherwise than it has them, such as %s"
                        .formatted(
                                settled.left().size(),
                                view.name(),
                                ReadableKey.of(settled.left().iterator().next())));
            }
        }
    }
}
