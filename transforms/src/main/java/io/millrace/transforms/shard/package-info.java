/**
 * Keys spread over shards, for patterns whose state and timers are a shard's and not a key's: what a step costs it then costs for each batch.
 */
@NullMarked
package io.millrace.transforms.shard;

import org.jspecify.annotations.NullMarked;
