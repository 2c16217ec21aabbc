package io.millrace.pipelines.join;

import static java.util.Objects.requireNonNull;

import io.millrace.devinterface.spec.JoinSideSpec;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.Projection;
import io.millrace.transforms.expression.TextExpression;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes of the events of a source those of one side of a join, by their keys. */
final class SideFn extends DoFn<Event, KV<String, Joinable>> {
    private static final long serialVersionUID = 1;

    private final String place;
    private final @Nullable Filter filter;
    private final TextExpression key;
    private final @Nullable Projection keep;
    private final @Nullable TextExpression id;
    private final @Nullable TextExpression by;
    private transient @Nullable SideEvaluator evaluator;

    /**
     * One side.
     *
     * @param place where it stands in the spec, for messages
     * @param by what events are counted by; null if they are not
     */
    SideFn(String place, JoinSideSpec side, @Nullable TextExpression by) {
        this.place = place;
        this.filter = side.filter();
        this.key = side.key();
        this.keep = side.keep() == null ? null : side.keep().projection();
        this.id = side.id();
        this.by = by;
    }

    @Setup
    public void setUp() {
        evaluator = new SideEvaluator(filter, key, keep, id, by);
    }

    @ProcessElement
    public void process(@Element Event event, @Timestamp Instant time, MultiOutputReceiver out) {
        try {
            SideEvaluator side = requireNonNull(evaluator);
            if (side.takes(event, time)) {
                out.get(JoinEvents.KEYED).output(KV.of(side.key(), side.joinable(event, time)));
            }
        } catch (SideEvaluator.FailedException e) {
            out.get(JoinEvents.DEAD_LETTERS).output(deadLetter(event, e.reason(), e.getMessage(), time));
        }
    }

    private DeadLetter deadLetter(Event event, Reason reason, String problem, Instant time) {
        return new DeadLetter(event, JoinEvents.NO_ROUTE, JoinEvents.STEP, reason, place + ": " + problem, time);
    }
}
