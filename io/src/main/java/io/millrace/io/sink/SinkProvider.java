package io.millrace.io.sink;

import io.millrace.io.view.ViewStore;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.time.Duration;
import java.util.Optional;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/**
 * Makes a sink from its settings in a spec.
 *
 * <p>An implementation is found by {@link java.util.ServiceLoader}, so it is public with a public constructor without
 * parameters, and is named in {@code META-INF/services/io.millrace.io.sink.SinkProvider}.
 *
 * @param <ConfigT> a public record whose components carry {@link io.millrace.io.config.Setting}
 */
public interface SinkProvider<ConfigT extends Record> {

    /** The name by which a spec chooses the sink. */
    String name();

    /** What the sink does, in one or two sentences, for the reference. */
    String description();

    /** The settings. */
    Class<ConfigT> configType();

    /**
     * The transform that writes events: idempotent under replay, counting what it delivered, and giving back as dead letters
     * what it could not write. A sink that does not answer makes no dead letters: it holds the bundle, or, where the job is shared and
     * the sink keeps state in the pipeline, its events are kept there.
     */
    PTransform<PCollection<Event>, PCollection<DeadLetter>> write(ConfigT config, SinkContext context);

    /**
     * What writes the sink's events on a thread of its own, so that routes of one job do not wait for each other's sinks; nothing
     * where the sink keeps state in the pipeline, or has no such client.
     */
    default Optional<EventWriter.Factory> writer(ConfigT config, SinkContext context) {
        return Optional.empty();
    }

    /**
     * The steps of {@link #write} with the state that the sink keeps in the pipeline, but without any effect: nothing is written, and nobody is
     * asked. So a rehearsal shows that the state can be restored. Nothing where the sink keeps none: then its events are counted alone.
     */
    default Optional<PTransform<PCollection<Event>, PCollection<DeadLetter>>> rehearsal(
            ConfigT config, SinkContext context) {
        return Optional.empty();
    }

    /**
     * Checks what the type of the settings cannot.
     *
     * @throws IllegalArgumentException if the sink cannot be made from these settings
     */
    default void check(ConfigT config) {}

    /** Whether the sink groups by event time, so that a source without event times cannot feed it. */
    default boolean needsEventTimes(ConfigT config) {
        return false;
    }

    /** The folder in which the sink keeps each result once and no other, so that it can be an archive; nothing where it does not. */
    default Optional<String> archivePath(ConfigT config) {
        return Optional.empty();
    }

    /** Why a route that is written to the sink must set the key; nothing where it need not. */
    default Optional<String> whyKeyed(ConfigT config) {
        return Optional.empty();
    }

    /** The largest value, in bytes, that the sink takes. */
    default int maxValueBytes(ConfigT config) {
        return Integer.MAX_VALUE;
    }

    /** The path on the machine's own file system that the sink writes to, which a remote cluster's workers do not share. */
    default Optional<String> localPath(ConfigT config) {
        return Optional.empty();
    }

    /**
     * What becomes of what the sink holds when a job is taken back and makes its results again, as a person reads it who is about to do that.
     *
     * @param keyed whether the route sets the key
     */
    default String whenRewound(ConfigT config, boolean keyed) {
        return "what was written since stays, and what is written again comes beside it";
    }

    /**
     * What lower epochs than a run's have left in the sink of what was not made again; nothing where that cannot be told.
     *
     * @param context the run that was taken back, and the route
     */
    default Optional<Leftovers> leftovers(ConfigT config, SinkContext context) {
        return Optional.empty();
    }

    /**
     * The same sink with another place to write to, for results that are not to be seen yet; nothing where it has none.
     *
     * @param suffix what the other place's name ends in, of lower-case letters, digits and '-'
     */
    default Optional<ConfigT> shadow(ConfigT config, String suffix) {
        return Optional.empty();
    }

    /**
     * What a restatement has written to a shadow of the sink, against what the sink holds; nothing where these cannot be compared result by result, which
     * {@link #whyNotRestated} explains.
     *
     * @param context the run in whose epoch corrections are published, and the route
     */
    default Optional<Corrections> corrections(ConfigT config, ConfigT shadow, SinkContext context) {
        return Optional.empty();
    }

    /**
     * Why there are no {@link #corrections}, as a person reads it who wants them.
     *
     * @param keyed whether the route sets the key
     */
    default String whyNotRestated(ConfigT config, boolean keyed) {
        return "what was written to it cannot be read again by result";
    }

    /** How long the sink holds a result, in event time, before it is written for good. */
    default Duration holds(ConfigT config) {
        return Duration.ZERO;
    }

    /**
     * What the sink holds of a route, so that it can be audited; nothing where what was written cannot be read again.
     *
     * @param context the run whose results should be there
     */
    default Optional<Holdings> holdings(ConfigT config, SinkContext context) {
        return Optional.empty();
    }

    /** Where the sink holds a view, so that it can be compared with that; nothing where what was written cannot be read by key. */
    default Optional<ViewStore> viewStore(ConfigT config) {
        return Optional.empty();
    }
}
