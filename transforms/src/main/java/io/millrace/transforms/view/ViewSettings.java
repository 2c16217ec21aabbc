package io.millrace.transforms.view;

import java.io.Serializable;

/**
 * How a view is kept and told.
 *
 * @param everyMillis how long changes of a key are put together before it is told
 * @param keysPerSecond how many keys a second are told again at most, of all shards; infinite for no limit
 * @param retentionMillis how long it is remembered that an item is not there any more
 * @param limits how much is kept of a key
 */
record ViewSettings(long everyMillis, double keysPerSecond, long retentionMillis, KeyItems.Limits limits)
        implements Serializable {}
