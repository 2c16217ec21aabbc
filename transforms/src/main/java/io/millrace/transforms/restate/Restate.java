package io.millrace.transforms.restate;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Iterator;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * Says what corrects published results, now that they have been made again: what is to be added, changed and removed, and nothing of what was right.
 *
 * <p><i>Shape</i>: the results of the rerun by their identity, to one {@link Correction} for each identity under which the published result is another one, is missing, or should not be there. Values are the same if their
 * coder says so, {@link Coder#structuralValue}.
 *
 * <p><i>Time</i>: results are compared window by window, when the window ends; both sides must be in the same windows. In the global window both must end.
 *
 * <p><i>State</i>: the results of a window of both sides, until it ends.
 *
 * <p><i>Guarantee</i>: applied to what was published, the corrections make it what the rerun has made; applied again, nothing changes.
 *
 * <p><i>Fails</i>: at construction, where the two sides have different coders of keys or values; while running, where there are two results of one identity on a side in a window.
 *
 * @param <KeyT> the identity of a result, with a deterministic coder
 * @param <ValueT> a result
 */
public final class Restate<KeyT, ValueT>
        extends PTransform<PCollection<KV<KeyT, ValueT>>, PCollection<KV<KeyT, Correction<ValueT>>>> {
    private static final long serialVersionUID = 1;

    private final transient PCollection<KV<KeyT, ValueT>> published;

    private Restate(PCollection<KV<KeyT, ValueT>> published) {
        this.published = published;
    }

    /** Compares with what was published. */
    public static <KeyT, ValueT> Restate<KeyT, ValueT> against(PCollection<KV<KeyT, ValueT>> published) {
        return new Restate<>(published);
    }

    @Override
    public PCollection<KV<KeyT, Correction<ValueT>>> expand(PCollection<KV<KeyT, ValueT>> rerun) {
        KvCoder<KeyT, ValueT> coder = coder(rerun);
        checkArgument(
                coder.equals(coder(published)),
                "published results must have the coder of the rerun, %s, but had %s",
                coder,
                published.getCoder());
        TupleTag<ValueT> before = new TupleTag<>("before");
        TupleTag<ValueT> now = new TupleTag<>("now");
        return KeyedPCollectionTuple.of(before, published)
                .and(now, rerun)
                .apply("together", CoGroupByKey.create())
                .apply("compare", ParDo.of(new CompareFn<>(before, now, coder.getValueCoder())))
                .setCoder(KvCoder.of(coder.getKeyCoder(), CorrectionCoder.of(coder.getValueCoder())));
    }

    private static <KeyT, ValueT> KvCoder<KeyT, ValueT> coder(PCollection<KV<KeyT, ValueT>> results) {
        checkArgument(
                results.getCoder() instanceof KvCoder, "results must have a KvCoder, but had %s", results.getCoder());
        return (KvCoder<KeyT, ValueT>) results.getCoder();
    }

    /** Compares the two sides of an identity. */
    private static final class CompareFn<KeyT, ValueT>
            extends DoFn<KV<KeyT, CoGbkResult>, KV<KeyT, Correction<ValueT>>> {
        private static final long serialVersionUID = 1;

        private final TupleTag<ValueT> before;
        private final TupleTag<ValueT> now;
        private final Coder<ValueT> values;

        CompareFn(TupleTag<ValueT> before, TupleTag<ValueT> now, Coder<ValueT> values) {
            this.before = before;
            this.now = now;
            this.values = values;
        }

        @ProcessElement
        public void process(@Element KV<KeyT, CoGbkResult> sides, OutputReceiver<KV<KeyT, Correction<ValueT>>> out) {
            @Nullable ValueT published = only(before, "published", sides);
            @Nullable ValueT made = only(now, "made again", sides);
            if (!isSame(published, made)) {
                out.output(KV.of(sides.getKey(), new Correction<>(published, made)));
            }
        }

        private boolean isSame(@Nullable ValueT published, @Nullable ValueT made) {
            return published != null
                    && made != null
                    && values.structuralValue(published).equals(values.structuralValue(made));
        }

        private @Nullable ValueT only(TupleTag<ValueT> side, String text, KV<KeyT, CoGbkResult> sides) {
            Iterator<ValueT> results = sides.getValue().getAll(side).iterator();
            @Nullable ValueT only = results.hasNext() ? results.next() : null;
            checkArgument(
                    !results.hasNext(), "results must be %s once each, but there are two of %s", text, sides.getKey());
            return only;
        }
    }
}
