package io.millrace.io.memcached;

import com.spotify.folsom.sample.CacheClientClass;

/** The client's own room. */
public final class SampleMemcached {
    CacheClientClass client;
}
