package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import java.util.List;

/** Of which keys it is told what becomes of them. */
public record JoinTracesSpec(
        @Setting(
                value = "The share of all keys, drawn by their hash: a key has everything told of it, or nothing.",
                byDefault = "0")
        double share,

        @Setting(
                value = "Keys that are traced besides those that are drawn, as the key expressions give them.",
                byDefault = "[]",
                example = "[p-17/t-4]")
        List<String> keys) {

    public JoinTracesSpec {
        keys = List.copyOf(keys);
        checkArgument(share >= 0 && share <= 1, "share must be from 0 to 1, but was %s", share);
        checkArgument(share > 0 || !keys.isEmpty(), "share must be above 0 where there are no keys, but was %s", share);
    }
}
