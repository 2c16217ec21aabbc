package io.millrace.transforms.joiner;

import java.io.Serializable;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/** The outputs of a join, by name and in an order that stays. */
record JoinTags<KeyT, LeftT, RightT, LeftOutT, RightOutT>(
        TupleTag<KV<KeyT, Joined<LeftOutT, RightOutT>>> joined,
        TupleTag<KV<KeyT, TimestampedValue<LeftOutT>>> unmatchedLeft,
        TupleTag<KV<KeyT, RightOutT>> unmatchedRight,
        TupleTag<KV<KeyT, Refused<LeftT, RightT>>> deadLetters,
        TupleTag<KV<KeyT, Trace>> traces)
        implements Serializable {

    JoinTags() {
        this(
                new TupleTag<>("joined"),
                new TupleTag<>("unmatchedLeft"),
                new TupleTag<>("unmatchedRight"),
                new TupleTag<>("deadLetters"),
                new TupleTag<>("traces"));
    }

    TupleTagList behindTheFirst() {
        return TupleTagList.of(unmatchedLeft)
                .and(unmatchedRight)
                .and(deadLetters)
                .and(traces);
    }
}
