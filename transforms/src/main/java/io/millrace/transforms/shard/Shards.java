package io.millrace.transforms.shard;

/** How many parts the keys of a pattern are spread over, which bounds its parallelism. It is part of savepoints. */
public final class Shards {
    public static final int COUNT = 1024;

    private Shards() {}
}
