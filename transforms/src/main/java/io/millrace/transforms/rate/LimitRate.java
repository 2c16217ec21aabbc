package io.millrace.transforms.rate;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.UUID;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * The same elements, at most so many in a second.
 *
 * <p><i>Shape</i>: {@code PCollection<T>} to {@code PCollection<T>}, bounded or not, in any windows.
 *
 * <p><i>Time</i>: timestamps, windows and panes pass on. An element waits until it may go, and what is before it waits with it.
 *
 * <p><i>State</i>: none in the job.
 *
 * <p><i>Guarantee</i>: all tasks together never let more through, but for what a quarter of a second would have had that was not used, over any time and across restarts and
 * changes of parallelism: each has its share, so they let as many through only where all have enough to do.
 *
 * <p><i>Fails</i>: where the number of tasks is not known, see {@link TaskShare}.
 *
 * <pre>{@code
 * PCollection<Event> slowed = events.apply(LimitRate.<Event>of(1_000));
 * }</pre>
 */
public final class LimitRate<T> extends PTransform<PCollection<T>, PCollection<T>> {
    private static final long serialVersionUID = 1;

    private final double perSecond;

    private LimitRate(double perSecond) {
        this.perSecond = perSecond;
    }

    /** At most so many elements in a second, of all tasks together. */
    public static <T> LimitRate<T> of(double perSecond) {
        checkArgument(perSecond > 0, "perSecond must be above 0, but was %s", perSecond);
        return new LimitRate<>(perSecond);
    }

    @Override
    public PCollection<T> expand(PCollection<T> elements) {
        return elements.apply(
                        "Limit",
                        ParDo.of(new LimitFn<>(perSecond, UUID.randomUUID().toString())))
                .setCoder(elements.getCoder());
    }
}
