package io.millrace.devinterface.spec;

import io.millrace.io.sink.Corrections;
import io.millrace.io.sink.EventWriter;
import io.millrace.io.sink.Holdings;
import io.millrace.io.sink.Leftovers;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.SinkProvider;
import io.millrace.io.view.ViewStore;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.time.Duration;
import java.util.Optional;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * A sink that a spec names, with its settings.
 *
 * @param <ConfigT> the record of its settings
 */
public final class SinkSpec<ConfigT extends Record> {
    private final SinkProvider<ConfigT> provider;
    private final ConfigT config;

    private SinkSpec(SinkProvider<ConfigT> provider, ConfigT config) {
        this.provider = provider;
        this.config = config;
    }

    /**
     * The provider's sink with these settings.
     *
     * @throws IllegalArgumentException if the provider cannot make a sink from them
     */
    public static <ConfigT extends Record> SinkSpec<ConfigT> of(SinkProvider<ConfigT> provider, ConfigT config) {
        provider.check(config);
        return new SinkSpec<>(provider, config);
    }

    /** The name by which the spec chooses it. */
    public String name() {
        return provider.name();
    }

    /** What makes the sink. */
    public SinkProvider<ConfigT> provider() {
        return provider;
    }

    /** Its settings. */
    public ConfigT config() {
        return config;
    }

    /** The transform that writes events to it, see {@link SinkProvider#write}. */
    public PTransform<PCollection<Event>, PCollection<DeadLetter>> write(SinkContext context) {
        return provider.write(config, context);
    }

    /** What writes its events on a thread of its own, see {@link SinkProvider#writer}. */
    public Optional<EventWriter.Factory> writer(SinkContext context) {
        return provider.writer(config, context);
    }

    /** Whether it groups by event time. */
    public boolean needsEventTimes() {
        return provider.needsEventTimes(config);
    }

    /** The folder in which it can keep an archive, see {@link SinkProvider#archivePath}. */
    public Optional<String> archivePath() {
        return provider.archivePath(config);
    }

    /** Why a route that is written to it must set the key, see {@link SinkProvider#whyKeyed}. */
    public Optional<String> whyKeyed() {
        return provider.whyKeyed(config);
    }

    /** The largest value, in bytes, that it takes. */
    public int maxValueBytes() {
        return provider.maxValueBytes(config);
    }

    /** The path on the machine's own file system that it writes to. */
    public Optional<String> localPath() {
        return provider.localPath(config);
    }

    /** What becomes of what it holds, see {@link SinkProvider#whenRewound}. */
    public String whenRewound(boolean keyed) {
        return provider.whenRewound(config, keyed);
    }

    /** What lower epochs have left in it, see {@link SinkProvider#leftovers}. */
    public Optional<Leftovers> leftovers(SinkContext context) {
        return provider.leftovers(config, context);
    }

    /** The same sink with another place, see {@link SinkProvider#shadow}. */
    public Optional<SinkSpec<?>> shadow(String suffix) {
        return provider.shadow(config, suffix).map(shadow -> new SinkSpec<>(provider, shadow));
    }

    /** What a restatement has written to a shadow of a name, see {@link SinkProvider#corrections}. */
    public Optional<Corrections> corrections(String suffix, SinkContext context) {
        return provider.shadow(config, suffix).flatMap(shadow -> provider.corrections(config, shadow, context));
    }

    /** Why there is no such, see {@link SinkProvider#whyNotRestated}. */
    public String whyNotRestated(boolean keyed) {
        return provider.whyNotRestated(config, keyed);
    }

    /** How long it holds a result, see {@link SinkProvider#holds}. */
    public Duration holds() {
        return provider.holds(config);
    }

    /** What it holds of a route, see {@link SinkProvider#holdings}. */
    public Optional<Holdings> holdings(SinkContext context) {
        return provider.holdings(config, context);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SinkSpec<?> that && name().equals(that.name()) && config.equals(that.config);
    }

    @Override
    public int hashCode() {
        return 31 * name().hashCode() + config.hashCode();
    }

    @Override
    public String toString() {
        return name() + " " + config;
    }

    /** Where it holds a view, see {@link SinkProvider#viewStore}. */
    public Optional<ViewStore> viewStore() {
        return provider.viewStore(config);
    }
}
