package io.millrace.pipelines.view;

import io.millrace.devinterface.spec.ViewSpec;
import io.millrace.transforms.view.Changes;
import io.millrace.transforms.view.Fold;
import io.millrace.transforms.view.UnfoldableException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What events of the parts of a view change, by their expressions. Each copy is for one thread. */
final class SpecFold implements Fold<ViewEvent, byte[]> {
    private static final long serialVersionUID = 1;

    private final ArrayList<ViewPart> parts;
    private transient @Nullable List<PartEvaluator> evaluators;

    private SpecFold(ArrayList<ViewPart> parts) {
        this.parts = parts;
    }

    /** The fold of a view: its changes in their order, then its publish. */
    static SpecFold of(String name, ViewSpec spec) {
        ArrayList<ViewPart> parts = new ArrayList<>();
        for (int i = 0; i < spec.changes().size(); i++) {
            parts.add(ViewPart.of(
                    "view '" + name + "', changes[" + i + "]", spec.changes().get(i)));
        }
        if (spec.publish() != null) {
            parts.add(ViewPart.of("view '" + name + "', publish", spec.publish()));
        }
        return new SpecFold(parts);
    }

    @Override
    public void fold(ViewEvent event, long version, Changes<byte[]> changes) throws UnfoldableException {
        List<PartEvaluator> all = evaluators;
        if (all == null) {
            all = parts.stream().map(PartEvaluator::new).toList();
            evaluators = all;
        }
        all.get(event.part()).fold(event.event(), version, changes);
    }
}
