package io.millrace.testfixtures;

import java.time.Duration;
import java.time.Instant;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.TimestampedValue;

/**
 * An unbounded input as a story: what arrives with which event time, and how watermark and clock move in between.
 *
 * <pre>{@code
 * PCollection<Play> plays = pipeline.apply(Timeline.of(coder)
 *         .at(NOON, play("p1"), play("p2"))
 *         .watermarkTo(FIVE_PAST)
 *         .at(ONE_PAST, play("late"))
 *         .clockForwardBy(Duration.ofMinutes(1))
 *         .toTheEnd());
 * }</pre>
 *
 * <p><i>Shape</i>: unbounded, global window. Elements of one {@code at} arrive in one bundle.
 *
 * <p><i>Time</i>: each step takes effect when the pipeline has come to rest after the one before. The watermark begins
 * at the earliest time there is, and {@link #toTheEnd} moves it past everything. Flink's runner refuses
 * {@link #clockForwardBy}.
 *
 * <p><i>Fails</i>: with {@link IllegalArgumentException} where the watermark would go back, or the clock stand still.
 */
public final class Timeline<T> {

    private final TestStream.Builder<T> steps;

    private Timeline(TestStream.Builder<T> steps) {
        this.steps = steps;
    }

    /** A timeline on which nothing has happened yet. */
    public static <T> Timeline<T> of(Coder<T> coder) {
        return new Timeline<>(TestStream.create(coder));
    }

    /** Then these elements arrive, all with this event time. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final Timeline<T> at(Instant eventTime, T first, T... others) {
        return new Timeline<>(steps.addElements(stamped(first, eventTime), stampedAll(others, eventTime)));
    }

    /** Then the watermark reaches this instant. */
    public Timeline<T> watermarkTo(Instant instant) {
        return new Timeline<>(steps.advanceWatermarkTo(Times.joda(instant)));
    }

    /** Then so much processing time passes. */
    public Timeline<T> clockForwardBy(Duration time) {
        return new Timeline<>(steps.advanceProcessingTime(org.joda.time.Duration.millis(time.toMillis())));
    }

    /** Then the watermark passes everything, and the input is over. */
    public TestStream<T> toTheEnd() {
        return steps.advanceWatermarkToInfinity();
    }

    private static <T> TimestampedValue<T> stamped(T element, Instant eventTime) {
        return TimestampedValue.of(element, Times.joda(eventTime));
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type, for Beam's varargs
    private static <T> TimestampedValue<T>[] stampedAll(T[] elements, Instant eventTime) {
        TimestampedValue[] stamped = new TimestampedValue[elements.length];
        for (int i = 0; i < elements.length; i++) {
            stamped[i] = stamped(elements[i], eventTime);
        }
        return stamped;
    }
}
