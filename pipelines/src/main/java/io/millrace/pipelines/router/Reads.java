package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.pipelines.enrich.ChangelogReads;
import io.millrace.transforms.script.RunScript;
import java.util.Optional;

/**
 * How the sources of a pipeline are read, and by which versions of their scripts routes process what is read.
 *
 * @param offsets where reads of Kafka before had come to, {@link io.millrace.io.kafka.KafkaEvents#offsets}
 * @param handedOver what routes have had already of what is read
 * @param asksNobody whether no broker is asked what there is to read: enough to know the steps of a pipeline, but not to run it on a
 *     cluster
 * @param scripts how the run has its scripts
 * @param scriptVersion the version of the scripts that have versions; empty for those in force at the events' times
 */
record Reads(String offsets, HandedOver handedOver, boolean asksNobody, Scripts scripts, String scriptVersion) {
    /** There was no read before. */
    static final String NO_OFFSETS = "{}";

    static final Reads ANEW = new Reads(NO_OFFSETS, HandedOver.NOTHING, false, Scripts.LIVE, "");

    /** The same, with scripts otherwise. */
    Reads with(Scripts scripts) {
        return new Reads(offsets, handedOver, asksNobody, scripts, scriptVersion);
    }

    /** The same, by one version of scripts that have versions; empty for those in force at the events' times. */
    Reads by(String scriptVersion) {
        return new Reads(offsets, handedOver, asksNobody, scripts, scriptVersion);
    }

    /** How the changelogs of a route are read. */
    ChangelogReads changelogs(RouterSpec spec, RouteSpec route) {
        return new ChangelogReads(spec.stopOf(route), asksNobody);
    }

    /** The transform that runs the script of a route, if it has one. */
    Optional<RunScript> script(RouterSpec spec, RouteSpec route) {
        return scripts.of(spec.name(), route, scriptVersion);
    }
}
