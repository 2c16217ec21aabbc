package io.millrace.io.evcache;

import io.millrace.io.sink.SinkContext;
import io.millrace.io.view.ViewStore;
import io.millrace.io.view.WriteView;

/**
 * Views in EVCache, Netflix's memcached in several zones, each of which has a whole copy.
 *
 * <p><i>Shape</i>: keys are on the servers where Netflix's client looks for them (its ring of ketama; not with {@code hash.key},
 * {@code hash.on.partial.key} or a {@code bucket.size} of its own), behind the cache prefix. A value is stored without compression, and
 * {@code EVCache.get} with the transcoder that it has by default gives it as a text; an empty value is an empty text.
 *
 * <p><i>Guarantee</i>: as {@link WriteView} says. memcached is a cache: it forgets what it has no room for, and everything when it is started
 * anew. What came before it was is not written again.
 *
 * <p><i>Fails</i>: as {@link WriteView} says. No key are texts that are empty, have white space or control characters, or are longer than 250
 * bytes with the prefix: EVCache's client would ask for none of them, unless it is told to hash long keys. A user who is not taken fails the
 * job where it begins. A server that has no memory left ({@code -M}) is owed the value, and takes others.
 */
public final class EvCacheView {
    private EvCacheView() {}

    /** Dead letters of what EVCache does not take, for events of a route. */
    public static WriteView write(EvCacheSink sink, SinkContext context) {
        return WriteView.to(store(sink), context, sink.versionField(), sink.maxInFlight());
    }

    /** The zones themselves, to be read, or written by other means. */
    public static ViewStore store(EvCacheSink sink) {
        return new EvCacheStore(sink);
    }
}
