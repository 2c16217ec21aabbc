package io.millrace.transforms.view;

/** The headers by which an event that says what a key of a view is tells a store how to take it. */
public final class ViewHeaders {
    /** The version of the key, a whole number in decimal. */
    public static final String VERSION = "millrace-version";

    /** Whether what is there is looked at first; without it, it is overwritten. */
    public static final String GUARD = "millrace-guard";

    /** A {@link #GUARD}: what is of a newer version stays. */
    public static final String GUARD_VERSION = "version";

    /** A {@link #GUARD}: what is another value is replaced, whatever its version. */
    public static final String GUARD_REPLACE = "replace";

    private ViewHeaders() {}
}
