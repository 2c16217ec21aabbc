package io.millrace.transforms.joiner;

import io.millrace.transforms.shard.KeyBytes;

/**
 * A key that is to be looked through.
 *
 * @param at the watermark with which that is
 * @param holds the time at which the watermark is held until then; {@link Bounds#NEVER} where it is not
 */
record Due(long at, long holds, KeyBytes key) {}
