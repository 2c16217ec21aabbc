package io.millrace.transforms.view;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a view while it runs.
 *
 * @param id what its answers say whom they are for
 * @param kind what is to be done
 * @param keys of which keys; null for all, or those with a prefix
 * @param prefix what the keys begin with; null for all, or those that are named
 * @param keysPerSecond how many keys a second at most, of the whole view; null for as many as the view has by itself
 */
public record ViewRequest(
        String id,
        Kind kind,
        @Nullable List<String> keys,
        @Nullable String prefix,
        @Nullable Double keysPerSecond) {

    /** What can be asked. */
    public enum Kind {
        /** That keys are told again, as they are now. */
        FLUSH,
        /** The same, to put right what is wrong where they are told. */
        REPAIR,
        /** That keys are told to who asks, and to nobody else. */
        TELL,
        /** That a full publish begins now. */
        PUBLISH,
        /** That keys are told again where nothing of them is, or something older. */
        RENEW
    }

    public ViewRequest {
        keys = keys == null ? null : List.copyOf(keys);
        checkArgument(!id.isEmpty(), "id must not be empty, but was '%s'", id);
        checkArgument(keys == null || prefix == null, "request must have keys or prefix, but had both");
        checkArgument(
                keysPerSecond == null || keysPerSecond > 0,
                "keysPerSecond must be more than 0, but was %s",
                keysPerSecond);
    }

    /** A request for all keys. */
    public static ViewRequest all(String id, Kind kind) {
        return new ViewRequest(id, kind, null, null, null);
    }

    /** A request for these keys. */
    public static ViewRequest ofKeys(String id, Kind kind, List<String> keys) {
        return new ViewRequest(id, kind, keys, null, null);
    }

    /** A request for the keys that begin so. */
    public static ViewRequest ofPrefix(String id, Kind kind, String prefix) {
        return new ViewRequest(id, kind, null, prefix, null);
    }

    /** The same, with so many keys a second at most. */
    public ViewRequest atMost(double keysPerSecond) {
        return new ViewRequest(id, kind, keys, prefix, keysPerSecond);
    }
}
