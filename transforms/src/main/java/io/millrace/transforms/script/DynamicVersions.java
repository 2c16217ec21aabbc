package io.millrace.transforms.script;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.script.engine.ScriptEngines;
import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.VersionWatch;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a script that come by a control log.
 *
 * @param log the log
 * @param language the language of all versions
 * @param function the one function that is called, or null for those that a version defines
 * @param fixed the id of the version that processes every event, or null for the one in force at each event's time
 * @param withdrawnShare more than which share of events must fail for a version to be withdrawn
 * @param withdrawnOver of how many events of a task that is the share
 */
record DynamicVersions(
        ControlLog log,
        String language,
        @Nullable ScriptFunction function,
        @Nullable String fixed,
        double withdrawnShare,
        int withdrawnOver)
        implements Versions {

    DynamicVersions {
        ScriptEngines.of(language); // fails where there is none
        checkArgument(fixed == null || !fixed.isBlank(), "version must not be empty, but was '%s'", fixed);
        checkArgument(
                withdrawnShare > 0 && withdrawnShare <= 1,
                "share must be more than 0 and at most 1, but was %s",
                withdrawnShare);
        checkArgument(withdrawnOver >= 1, "events must be at least 1, but was %s", withdrawnOver);
    }

    DynamicVersions withFixed(String version) {
        return new DynamicVersions(log, language, function, version, withdrawnShare, withdrawnOver);
    }

    DynamicVersions withWithdrawal(double share, int events) {
        return new DynamicVersions(log, language, function, fixed, share, events);
    }

    @Override
    public InTask open(ScriptLimits limits, String pipeline, String route) throws InterruptedException {
        VersionWatch watch = VersionWatch.open(
                new VersionWatch.Settings(log, language, function, limits, pipeline, route, fixed == null));
        return fixed == null
                ? new TimedVersions(this, limits, watch, pipeline, route)
                : FixedVersion.open(watch, fixed, limits);
    }
}
