package io.millrace.transforms.script;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.script.version.Activation;
import io.millrace.transforms.script.version.Timeline.Span;
import io.millrace.transforms.script.version.VersionWatch;
import io.millrace.transforms.script.version.VersionWatch.Choice;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For each event the version that is in force at its time. As long as events are of the same one, each costs two comparisons.
 *
 * <p><i>State</i>: the compiled scripts of the versions used last, {@value #MAX_COMPILED} at most; and of each control record that put one
 * in force, how many events failed.
 */
final class TimedVersions implements Versions.InTask {
    static final int MAX_COMPILED = 32;

    private static final Logger LOG = LoggerFactory.getLogger(TimedVersions.class);

    private final DynamicVersions versions;
    private final ScriptLimits limits;
    private final VersionWatch watch;
    private final String route;
    private final Counter provisional;
    private final Counter withdrawn;
    private final Counter taken;
    private final Counter tooLate;

    private final Map<String, Timed> compiled = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<String> takenUp = new HashSet<>();
    private final Map<String, FailureShare> failures = new HashMap<>();
    private @Nullable Timed current;
    private long millis;
    private long from = Long.MAX_VALUE;
    private long to = Long.MIN_VALUE;
    private long uncounted;

    TimedVersions(DynamicVersions versions, ScriptLimits limits, VersionWatch watch, String pipeline, String route) {
        this.versions = versions;
        this.limits = limits;
        this.watch = watch;
        this.route = route;
        String namespace = RouteMetrics.namespace(pipeline, route);
        this.provisional = Metrics.counter(namespace, "script_provisional");
        this.withdrawn = Metrics.counter(namespace, "script_withdrawn");
        this.taken = Metrics.counter(namespace, "script_versions_taken");
        this.tooLate = Metrics.counter(namespace, "script_versions_too_late");
    }

    @Override
    public Versions.Version at(long timestampMillis) throws InterruptedException {
        if (timestampMillis < from || timestampMillis > to) {
            choose(timestampMillis);
        }
        millis = timestampMillis;
        return requireNonNull(current);
    }

    private void choose(long timestampMillis) throws InterruptedException {
        Choice choice = watch.choose(timestampMillis);
        Span span = choice.span();
        Timed chosen = compiled(span.activation());
        chosen.inForceBy(span.activation());
        chosen.provisional(choice.provisional());
        uncounted += choice.provisional() ? 1 : 0;
        current = chosen;
        from = choice.provisional() ? Long.MAX_VALUE : span.from(); // each such event asks anew
        to = choice.provisional() ? Long.MIN_VALUE : span.to();
    }

    private Timed compiled(Activation activation) {
        Timed known = compiled.get(activation.version().id());
        return known == null ? compile(activation) : known;
    }

    private Timed compile(Activation activation) {
        Timed timed = new Timed(activation);
        compiled.put(activation.version().id(), timed);
        if (compiled.size() > MAX_COMPILED) {
            Iterator<Timed> eldest = compiled.values().iterator();
            eldest.next().close();
            eldest.remove();
        }
        if (takenUp.add(activation.version().id())) {
            taken.inc();
            LOG.info(
                    "route {}: a task takes up version {} of the script, in force since {} by control record {}",
                    route,
                    activation.version().id(),
                    activation.effectiveFrom(),
                    activation.record());
        }
        return timed;
    }

    @Override
    public void finishBundle() {
        provisional.inc(uncounted);
        uncounted = 0;
        withdrawn.inc(watch.takeWithdrawn());
        tooLate.inc(watch.takeTooLate());
    }

    @Override
    public void close() {
        compiled.values().forEach(VersionInUse::close);
        compiled.clear();
        watch.close();
    }

    /**
     * A version that is withdrawn where it fails too often. What counts is what put it in force, and events of the present: a rerun, or
     * who catches up, meets failures that were dealt with long ago.
     */
    private final class Timed extends VersionInUse {
        private Activation activation;

        Timed(Activation activation) {
            super(compile(activation.version(), limits), activation.version().id());
            this.activation = activation;
        }

        /** Says what put it in force at the time of the next event. */
        void inForceBy(Activation activation) {
            this.activation = activation;
        }

        @Override
        public void processed(boolean failed) {
            if (!watch.isRecent(millis)) {
                return;
            }
            int tooMany = failures.computeIfAbsent(activation.record(), absent -> share())
                    .add(failed);
            if (tooMany > 0) {
                watch.withdraw(activation, why(tooMany));
            }
        }

        private FailureShare share() {
            return new FailureShare(versions.withdrawnOver(), versions.withdrawnShare());
        }

        private String why(int failed) {
            return failed + " of the last " + versions.withdrawnOver() + " events of a task failed, and more than "
                    + versions.withdrawnShare() + " of them may not";
        }
    }
}
