package io.millrace.transforms.script;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/** What {@link RunScript} gives: what the script made, and the dead letters of those events on which it failed. */
public final class Scripted implements POutput {
    private final PCollection<Event> results;
    private final PCollection<DeadLetter> deadLetters;

    Scripted(PCollection<Event> results, PCollection<DeadLetter> deadLetters) {
        this.results = results;
        this.deadLetters = deadLetters;
    }

    /** What the script made of the events. */
    public PCollection<Event> results() {
        return results;
    }

    /** What the script could not process. */
    public PCollection<DeadLetter> deadLetters() {
        return deadLetters;
    }

    @Override
    public Pipeline getPipeline() {
        return results.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
        Map<TupleTag<?>, PValue> outputs = new LinkedHashMap<>();
        outputs.put(RunScript.RESULTS, results);
        outputs.put(RunScript.DEAD_LETTERS, deadLetters);
        return outputs;
    }

    @Override
    public void finishSpecifyingOutput(String transformName, PInput input, PTransform<?, ?> transform) {}
}
