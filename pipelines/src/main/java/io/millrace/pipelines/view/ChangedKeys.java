package io.millrace.pipelines.view;

import io.millrace.devinterface.spec.ViewSpec;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.view.Changes;
import io.millrace.transforms.view.UnfoldableException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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

    /** The keys that an event with its time in epoch milliseconds changes. One that is not taken in changes nothing. */
    public Set<String> of(Event event, long time) {
        Noted noted = new Noted(new LinkedHashSet<>());
        for (PartEvaluator part : parts) {
            try {
                part.fold(event, time, noted);
            } catch (UnfoldableException e) {
                continue; // a dead letter of its job
            }
        }
        return noted.keys();
    }

    /** Notes keys in place of changing what they have. */
    private record Noted(Set<String> keys) implements Changes<byte[]> {
        @Override
        public void add(String key, String item, byte[] value, long version) {
            keys.add(key);
        }

        @Override
        public void remove(String key, String item, long version) {
            keys.add(key);
        }
    }
}
