package io.millrace.runnerprofiles;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.Pipeline.PipelineVisitor;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.runners.TransformHierarchy.Node;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.reflect.DoFnSignature;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a pipeline that are in a savepoint on Flink, by their full names, which are the uids of Flink's operators.
 *
 * <p>Every {@code ParDo} is in there: Beam keeps a list for it of what waits for side inputs, empty though it be.
 *
 * @param all every step that is in a savepoint
 * @param stateful those of them that may have anything there: reads, groupings, and steps with state or timers
 */
public record SavedSteps(Set<String> all, Set<String> stateful) {
    private static final String STATEFUL = "state of ";

    public SavedSteps {
        all = Set.copyOf(all);
        stateful = Set.copyOf(stateful);
    }

    /** Those of a pipeline. */
    public static SavedSteps of(Pipeline pipeline) {
        Collector steps = new Collector();
        pipeline.traverseTopologically(steps);
        return new SavedSteps(steps.all, steps.stateful);
    }

    /** Reads the text that {@link #text()} gives. */
    public static SavedSteps parse(String text) {
        return new SavedSteps(
                text.lines()
                        .map(line -> line.startsWith(STATEFUL) ? line.substring(STATEFUL.length()) : line)
                        .collect(Collectors.toSet()),
                text.lines()
                        .filter(line -> line.startsWith(STATEFUL))
                        .map(line -> line.substring(STATEFUL.length()))
                        .collect(Collectors.toSet()));
    }

    /** One line for each step. */
    public String text() {
        return Stream.concat(
                        stateful.stream().map(STATEFUL::concat), all.stream().filter(step -> !stateful.contains(step)))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    /** The same without the steps that others are. */
    public SavedSteps without(SavedSteps others) {
        return new SavedSteps(without(all, others.all), without(stateful, others.all));
    }

    private static Set<String> without(Set<String> steps, Set<String> others) {
        return steps.stream().filter(step -> !others.contains(step)).collect(Collectors.toSet());
    }

    private static final class Collector extends PipelineVisitor.Defaults {
        private final Set<String> all = new LinkedHashSet<>();
        private final Set<String> stateful = new LinkedHashSet<>();

        @Override
        public CompositeBehavior enterCompositeTransform(Node node) {
            PTransform<?, ?> step = node.getTransform();
            boolean isOneToFlink =
                    step instanceof Read.Unbounded || step instanceof Read.Bounded || step instanceof Combine.PerKey;
            if (isOneToFlink) {
                add(node, true);
            }
            return isOneToFlink ? CompositeBehavior.DO_NOT_ENTER_TRANSFORM : CompositeBehavior.ENTER_TRANSFORM;
        }

        @Override
        public void visitPrimitiveTransform(Node node) {
            PTransform<?, ?> step = node.getTransform();
            if (step instanceof GroupByKey) {
                add(node, true);
            } else if (step instanceof ParDo.MultiOutput<?, ?> parDo) {
                add(node, !parDo.getSideInputs().isEmpty() || hasState(parDo.getFn()));
            }
        }

        private void add(Node node, boolean hasState) {
            all.add(node.getFullName());
            if (hasState) {
                stateful.add(node.getFullName());
            }
        }

        private static boolean hasState(@Nullable DoFn<?, ?> fn) {
            if (fn == null) {
                return false;
            }
            DoFnSignature signature = DoFnSignatures.signatureForDoFn(fn);
            return signature.usesState()
                    || signature.usesTimers()
                    || signature.processElement().requiresStableInput();
        }
    }
}
