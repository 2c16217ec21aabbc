package io.millrace.pipelines.view;

import io.millrace.devinterface.spec.ViewSpec;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.view.UnfoldableException;
import java.util.ArrayList;
import java.util.List;

/** Which keys of a view the events of a source change, as a spec has it. For one thread. */
public final class ChangedKeys {
    private final List<PartEvaluator> parts;

    private ChangedKeys(List<PartEvaluator> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Those of a view, by its name, of one of the sources that change it. */
    public static ChangedKeys of(String name, ViewSpec spec, String source) {
        return new ChangedKeys(spec.changes().stream()
                .filter(changes -> changes.from().equals(source))
                .map(changes -> new PartEvaluator(ViewPart.of("view '" + name + "'", changes)))
                .toList());
    }

    /** The keys that an event with its time in epoch milliseconds changes. One that cannot be told changes nothing. */
    public List<String> of(Event event, long time) {
        List<String> keys = new ArrayList<>();
        for (PartEvaluator part : parts) {
            try {
                String key = part.changedKey(event, time);
                if (key != null) {
                    keys.add(key);
                }
            } catch (UnfoldableException e) {
                continue; // a dead letter of its job
            }
        }
        return keys;
    }
}
