package io.millrace.pipelines.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.millrace.devinterface.spec.EnrichSpec;
import io.millrace.devinterface.spec.TableSpec;
import io.millrace.transforms.enricher.Held;
import io.millrace.transforms.enricher.OnMiss;
import io.millrace.transforms.enricher.TableInProcess;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.TextExpression;
import org.apache.beam.sdk.transforms.DoFn;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Looks events up in a table that is held, in one step: where nobody is waited for, each more would cost more than the lookup. */
final class LookIntoTableFn extends DoFn<Event, Event> {
    private static final long serialVersionUID = 1;

    private final TextExpression key;
    private final String into;
    private final OnMiss onMiss;
    private final @Nullable String missing;
    private final TableInProcess<String, byte[]> table;
    private final GivingUp givingUp;
    private transient @Nullable EventKey keys;
    private transient @Nullable Placing placing;
    private transient byte @Nullable [] valueOfMisses;

    LookIntoTableFn(EnrichSpec spec, TableSpec table, String namespace, GivingUp givingUp) {
        this.key = spec.key();
        this.into = spec.into();
        this.onMiss = spec.onMiss();
        this.missing = spec.missing();
        this.table = TableInProcess.of(namespace, table.source(), table.reloadEvery());
        this.givingUp = givingUp;
    }

    @Setup
    public void setUp() {
        keys = new EventKey(key);
        placing = new Placing(into);
        valueOfMisses = missing == null ? null : missing.getBytes(UTF_8);
        table.open();
    }

    @ProcessElement
    public void process(@Element Event event, @Timestamp Instant time, MultiOutputReceiver out)
            throws InterruptedException {
        try {
            byte[] of = requireNonNull(keys).of(event, time);
            if (of == null) {
                giveUp(givingUp.deadLetter(event, Reason.LOOKUP_KEY_FAILED, AskFn.NO_KEY, time), out);
            } else {
                lookUp(event, new String(of, UTF_8), time, out);
            }
        } catch (EvaluationException e) {
            givingUp.failed(event, e, time).ifPresent(deadLetter -> giveUp(deadLetter, out));
        }
    }

    private void lookUp(Event event, String of, Instant time, MultiOutputReceiver out)
            throws EvaluationException, InterruptedException {
        Held<String, byte[]> held = table.held();
        byte[] value = held.table().get(of);
        if (value == null) {
            table.countMiss();
        }
        if (value == null && onMiss == OnMiss.DROP) {
            givingUp.metrics().countFiltered(1);
        } else if (value == null && onMiss == OnMiss.DEAD_LETTER) {
            giveUp(givingUp.missed(event, of, "there is nothing of the element's key", time), out);
        } else {
            byte[] placed = value == null ? valueOfMisses : value;
            out.get(EnrichEvents.RESULTS).output(requireNonNull(placing).placed(event, placed, table.ageMillis(held)));
        }
    }

    private static void giveUp(DeadLetter deadLetter, MultiOutputReceiver out) {
        out.get(EnrichEvents.DEAD_LETTERS).output(deadLetter);
    }

    @FinishBundle
    public void finishBundle() {
        table.report();
    }

    @Teardown
    public void close() {
        table.close();
    }
}
