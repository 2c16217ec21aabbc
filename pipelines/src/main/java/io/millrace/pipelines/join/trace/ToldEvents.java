package io.millrace.pipelines.join.trace;

import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.transforms.joiner.Side;
import io.millrace.transforms.joiner.Trace;
import io.millrace.transforms.joiner.Trace.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The events of a key, gathered from its traces in their order. One that came several times is one. */
final class ToldEvents {
    /** The steps that tell of an event that came with an event time. */
    static final Set<Step> ARRIVALS = Set.of(Step.TAKEN, Step.LATE, Step.OVER_LIMIT);

    private final JoinSpec join;
    private final Map<Identity, ToldEvent> events = new LinkedHashMap<>();
    private long taken;
    private long bytes;
    private long largest;
    private long refused;

    private ToldEvents(JoinSpec join) {
        this.join = join;
    }

    private record Identity(Side side, long time, String id) {}

    static List<ToldEvent> of(JoinSpec join, List<Trace> traces) {
        ToldEvents told = new ToldEvents(join);
        traces.stream().filter(trace -> ARRIVALS.contains(trace.step())).forEach(told::add);
        traces.stream().filter(trace -> trace.step() == Step.DUPLICATE).forEach(told::addDuplicate);
        return told.events.values().stream().sorted(ToldEvent.ORDER).toList();
    }

    /** Two that come in one moment have the same trace, so only their being duplicates tells that they were two. */
    private void addDuplicate(Trace trace) {
        List<Identity> ofTime = events.keySet().stream()
                .filter(one ->
                        one.side() == trace.side() && one.time() == trace.time().getMillis())
                .toList();
        if (ofTime.size() == 1) {
            events.computeIfPresent(ofTime.get(0), (identity, event) -> event.arrivals() > 1 ? event : twice(event));
        }
    }

    private static ToldEvent twice(ToldEvent event) {
        return new ToldEvent(event.side(), event.time(), event.id(), event.fate(), event.watermark(), 2, event.room());
    }

    private void add(Trace trace) {
        ToldEvent event = new ToldEvent(
                trace.side(),
                trace.time().getMillis(),
                trace.id(),
                trace.step(),
                trace.watermark().getMillis(),
                1,
                trace.step() == Step.OVER_LIMIT ? room() : List.of());
        if (trace.step() == Step.TAKEN) {
            taken++;
            bytes += trace.bytes();
            largest = Math.max(largest, trace.bytes());
        }
        events.merge(new Identity(event.side(), event.time(), event.id()), event, ToldEvents::once);
    }

    private static ToldEvent once(ToldEvent one, ToldEvent again) {
        ToldEvent decides = again.isTaken() && !one.isTaken() ? again : one;
        return new ToldEvent(
                decides.side(),
                decides.time(),
                decides.id(),
                decides.fate(),
                decides.watermark(),
                one.arrivals() + again.arrivals(),
                decides.room());
    }

    /** At most what was taken was still kept; where neither limit can be ruled out by that, both have to be higher. */
    private List<Fix> room() {
        refused++;
        Fix entries = Fix.number("keyEntries", join.keyEntries() + refused);
        Fix more = Fix.number("keyBytes", join.keyBytes() + refused * largest);
        boolean mayBeEntries = taken >= join.keyEntries();
        boolean mayBeBytes = bytes + largest > join.keyBytes();
        List<Fix> fixes = new ArrayList<>();
        if (mayBeEntries || !mayBeBytes) {
            fixes.add(entries);
        }
        if (mayBeBytes || !mayBeEntries) {
            fixes.add(more);
        }
        return fixes;
    }
}
