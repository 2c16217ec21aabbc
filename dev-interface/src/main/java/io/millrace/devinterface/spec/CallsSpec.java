package io.millrace.devinterface.spec;

import io.millrace.io.config.Setting;
import io.millrace.transforms.enricher.CallSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How lookups are called, see {@link CallSettings}. */
public record CallsSpec(
        @Setting(value = "How long a call may take before it counts as failed and is tried again.", byDefault = "PT5S")
        Duration timeout,

        @Setting(
                value =
                        "How long a lookup is tried, from its first call on, before its event is a dead letter; the wait for a turn, for"
                                + " callsPerSecond or for a connection is not in it. While the service is out events wait in turn, so N of them"
                                + " are given up in about N / maxInFlight times as long. Without it, the job waits and holds its position"
                                + " for as long as the service is out.",
                example = "PT2M")
        @Nullable Duration giveUpAfter,

        @Setting(
                value =
                        "How long to wait before the second try; each further one waits twice as long, less up to half.",
                byDefault = "PT0.1S")
        Duration firstBackoff,

        @Setting(value = "The longest wait between tries.", byDefault = "PT5S")
        Duration longestBackoff,

        @Setting(
                value =
                        "Of the last openOver calls, which share must fail for the service, or one of its servers, to count as down.",
                byDefault = "0.5")
        double openShare,

        @Setting(value = "Over how many calls that is.", byDefault = "100") @Between(least = 1, most = 1_000_000)
        int openOver,

        @Setting(
                value = "For how long nothing is then asked, before a few calls find out whether it is up again.",
                byDefault = "PT5S")
        Duration openFor) {

    public CallsSpec {
        new CallSettings(timeout, giveUpAfter, firstBackoff, longestBackoff, openShare, openOver, openFor);
    }

    /** What lookups keep to. */
    public CallSettings settings() {
        return new CallSettings(timeout, giveUpAfter, firstBackoff, longestBackoff, openShare, openOver, openFor);
    }
}
