package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;

/** When a version of a script fails too often to stay in force. */
public record WithdrawSpec(
        @Setting(
                value =
                        "More than which share of events must fail: above 0, and at most 1, which withdraws no version ever.",
                byDefault = "0.5")
        double share,

        @Setting(
                value = "Of how many events that is the share, which a task processes one after the other.",
                byDefault = "1000")
        @Between(least = 1, most = Integer.MAX_VALUE)
        int over) {

    public WithdrawSpec {
        checkArgument(share > 0 && share <= 1, "share must be above 0 and at most 1, but was %s", share);
        checkArgument(over >= 1, "over must be at least 1, but was %s", over);
    }
}
