package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.io.config.Setting;
import io.millrace.io.http.HttpLookup;
import io.millrace.io.jdbc.JdbcLookup;
import io.millrace.io.memcached.MemcachedLookup;
import io.millrace.transforms.enricher.LookupClient;
import io.millrace.transforms.enricher.OnMiss;
import io.millrace.transforms.expression.TextExpression;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A lookup for each event of a route: what is asked, of whom, and where the answer is put. */
@OneOf({"http", "jdbc", "memcached", "table", "changelog"})
public record EnrichSpec(
        @Setting(
                value =
                        "The field of the event's document, at its top level, that the answer is put into, in place of one that is"
                                + " there.",
                example = "history")
        String into,

        @Setting(
                value =
                        "What is asked: an expression that gives a text, a number, as JSON writes it, true or false, or bytes of UTF-8. An"
                                + " event for which it gives null is a dead letter.",
                example = "event.profile_id")
        TextExpression key,

        @Setting("A service of HTTP that answers.") @Nullable HttpLookup http,

        @Setting("A table of a database that answers, a row as an object.") @Nullable JdbcLookup jdbc,

        @Setting("Servers of memcached that answer with the JSON documents that are stored there.") @Nullable MemcachedLookup memcached,

        @Setting(
                "A table that each worker process holds in memory: the row of the key is the answer. Events wait for it to be there."
                        + " Nobody is asked, so maxInFlight, callsPerSecond, calls and cache are none of it.")
        @Nullable TableSpec table,

        @Setting(
                "A changelog that answers: each event gets the value that its key had at the event's time, and waits until that is known."
                        + " Events with one key of this lookup leave in the order of their times; between keys there is no order."
                        + " Nobody is asked, so maxInFlight, callsPerSecond, calls and cache are none of it.")
        @Nullable ChangelogSpec changelog,

        @Setting(
                value =
                        "Whether events are looked up before the route's filter, which can then use the answer. Without it, only those"
                                + " that the filter takes are looked up. Must be false with match: first.",
                byDefault = "false")
        boolean beforeFilter,

        @Setting(
                value = "How many events of a task are looked up at a time; as many more are held, whose turn is next.",
                byDefault = "64")
        @Between(least = 1, most = 100_000)
        int maxInFlight,

        @Setting(
                value =
                        "The most calls in a second, of all tasks together; one for many keys (maxBatch) is one. Retries and refreshes"
                                + " count, what is answered from the cache does not. Each task has its share of them. Without it, there"
                                + " is no limit.",
                example = "100")
        @Nullable Double callsPerSecond,

        @Setting("How calls are made, and when they are tried again.") @Nullable CallsSpec calls,

        @Setting(value = "What is kept of answers. Without it, each event is a call.", example = "{maxAge: PT10M}")
        @Nullable CacheSpec cache,

        @Setting(
                value =
                        "What becomes of an event of whose key there is nothing: pass leaves its document as it is; default puts the"
                                + " value of missing into it; drop counts it as filtered; deadLetter gives it up.",
                byDefault = "pass")
        OnMiss onMiss,

        @Setting(
                value = "The value for an event of whose key there is nothing, as JSON. With onMiss: default.",
                example = "'{\"plays\": 0}'")
        @Nullable String missing) {

    private static final int DEFAULT_MAX_IN_FLIGHT = 64;

    public EnrichSpec {
        checkArgument(!into.isBlank(), "into must not be empty, but was '%s'", into);
        checkArgument(
                Stream.of(http, jdbc, memcached, table, changelog)
                                .filter(Objects::nonNull)
                                .count()
                        == 1,
                "enrich must have exactly one of http, jdbc, memcached, table, changelog");
        if (table != null || changelog != null) {
            String nobody =
                    " must not be given with " + (table == null ? "changelog" : "table") + ", which asks nobody";
            checkArgument(maxInFlight == DEFAULT_MAX_IN_FLIGHT, "maxInFlight" + nobody);
            checkArgument(callsPerSecond == null, "callsPerSecond" + nobody);
            checkArgument(calls == null, "calls" + nobody);
            checkArgument(cache == null, "cache" + nobody);
        }
        checkArgument(
                callsPerSecond == null || callsPerSecond > 0,
                "callsPerSecond must be above 0, but was %s",
                callsPerSecond);
        checkArgument(
                (onMiss == OnMiss.DEFAULT) == (missing != null),
                "missing must be given with onMiss: default, and only then");
        checkArgument(missing == null || isJson(missing), "missing must be a value of JSON, but was '%s'", missing);
    }

    /** What answers, where somebody is asked. */
    public LookupClient.Provider<String, byte[]> provider() {
        if (http != null) {
            return http;
        }
        return jdbc == null ? requireNonNull(memcached) : jdbc;
    }

    /** Whether somebody is asked for each event. */
    public boolean asks() {
        return table == null && changelog == null;
    }

    private static boolean isJson(String text) {
        try {
            JsonText.read(text);
            return true;
        } catch (SyntaxException e) {
            return false;
        }
    }
}
