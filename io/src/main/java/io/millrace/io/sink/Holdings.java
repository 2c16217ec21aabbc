package io.millrace.io.sink;

import io.millrace.transforms.event.Event;
import java.io.Serializable;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/**
 * What a sink holds of one route, and what it should hold: the two sides of an audit.
 *
 * <p><i>Shape</i>: {@link #held} gives a bounded collection in the global window, one {@link Held} for each thing that a reader of the
 * sink meets, however often it meets it. {@link #expected} says for one result what must be among them. An audit counts both by
 * their keys, and where keys have versions compares the highest.
 *
 * <p><i>Guarantee</i>: everything that is there is given, also what the route would never have written; what is another route's may be
 * left out, and need not be where its key is the text of its {@link io.millrace.transforms.event.ResultId}. Nothing is changed in
 * the sink.
 *
 * <p><i>Fails</i>: where the sink does not answer, and is not waited for: an audit may be begun again.
 */
public interface Holdings extends Serializable {

    /** Reads everything that the sink holds when it is read. */
    PTransform<PBegin, PCollection<Held>> held();

    /**
     * How the sink holds a result that it was given at a time.
     *
     * @throws RefusedException if the sink takes no such result, so that it must be a dead letter
     */
    Held expected(Event result, Instant time) throws RefusedException;
}
