package io.millrace.transforms.joiner;

import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TupleTag;

/**
 * What {@link JoinStreams} makes of two streams.
 *
 * @param <KeyT> what they have in common
 * @param <LeftT> elements of the left one
 * @param <RightT> elements of the right one
 * @param <LeftOutT> what is made of left ones
 * @param <RightOutT> what is made of right ones
 */
public final class JoinedStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> implements POutput {
    private final JoinTags<KeyT, LeftT, RightT, LeftOutT, RightOutT> tags;
    private final PCollectionTuple outputs;

    JoinedStreams(
            JoinTags<KeyT, LeftT, RightT, LeftOutT, RightOutT> tags,
            PCollectionTuple outputs,
            Coder<KeyT> key,
            Coder<LeftOutT> leftOut,
            Coder<RightOutT> rightOut,
            Coder<LeftT> left,
            Coder<RightT> right) {
        this.tags = tags;
        this.outputs = outputs;
        joined().setCoder(KvCoder.of(key, JoinedCoder.of(leftOut, rightOut)));
        unmatchedLeft().setCoder(KvCoder.of(key, TimestampedValue.TimestampedValueCoder.of(leftOut)));
        unmatchedRight().setCoder(KvCoder.of(key, rightOut));
        deadLetters().setCoder(KvCoder.of(key, RefusedCoder.of(left, right)));
        traces().setCoder(KvCoder.of(key, TraceCoder.of()));
    }

    /** The right elements with the left ones that they were given, at the times of the right ones. */
    public PCollection<KV<KeyT, Joined<LeftOutT, RightOutT>>> joined() {
        return outputs.get(tags.joined());
    }

    /**
     * The left elements that were given to no right one, with their times, at the time from which on none can come for them. Those of a granule that
     * were merged are one. Empty unless the join is of the type {@link JoinType#LEFT_OUTER} or {@link JoinType#FULL_OUTER}.
     */
    public PCollection<KV<KeyT, TimestampedValue<LeftOutT>>> unmatchedLeft() {
        return outputs.get(tags.unmatchedLeft());
    }

    /**
     * The right elements that were given no left one, at their times; not those whose early result was taken back, see {@link Joined.Stage}. Empty
     * unless the join is of the type {@link JoinType#RIGHT_OUTER} or {@link JoinType#FULL_OUTER}.
     */
    public PCollection<KV<KeyT, RightOutT>> unmatchedRight() {
        return outputs.get(tags.unmatchedRight());
    }

    /** The elements that could not be taken in, and why, at their times. */
    public PCollection<KV<KeyT, Refused<LeftT, RightT>>> deadLetters() {
        return outputs.get(tags.deadLetters());
    }

    /** What became of the keys that are traced, {@link JoinStreams#withTraces}, at the times of the elements that it was about, or at that of the watermark which had passed them. */
    public PCollection<KV<KeyT, Trace>> traces() {
        return outputs.get(tags.traces());
    }

    @Override
    public Pipeline getPipeline() {
        return outputs.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
        return outputs.expand();
    }

    @Override
    public void finishSpecifyingOutput(String transformName, PInput input, PTransform<?, ?> transform) {}
}
