package io.millrace.io.http;

import io.millrace.transforms.enricher.LookupRefusedException;
import io.millrace.transforms.enricher.LookupThrottledException;
import io.millrace.transforms.expression.JsonCheck;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What answers mean. */
final class Answers {
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_FOUND = 404;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;
    private static final int FIRST_OF_THE_SERVERS_FAULT = 500;
    private static final int FIRST_OF_NONE = 600;

    private static final int SHOWN_OF_A_KEY = 100;

    private final HttpLookup lookup;
    private final Excerpt excerpt;
    private final Clock clock;

    Answers(HttpLookup lookup, List<String> secrets, Clock clock) {
        this.lookup = lookup;
        this.excerpt = new Excerpt(secrets);
        this.clock = clock;
    }

    /**
     * The values that were answered.
     *
     * @throws LookupRefusedException if asking again would give the same
     * @throws LookupThrottledException if the service asks for a pause
     * @throws IOException if it may work the next time
     */
    Map<String, byte[]> values(Answer answer, Set<String> keys) throws IOException {
        int status = answer.status();
        if (status == TOO_MANY_REQUESTS || (status == UNAVAILABLE && answer.retryAfter() != null)) {
            throw new LookupThrottledException(text(answer, keys), RetryAfter.of(answer.retryAfter(), clock.instant()));
        }
        if (status == REQUEST_TIMEOUT || (status >= FIRST_OF_THE_SERVERS_FAULT && status < FIRST_OF_NONE)) {
            throw new IOException(text(answer, keys));
        }
        if (status == NO_CONTENT || (status == NOT_FOUND && lookup.maxBatch() == 1)) {
            return Map.of();
        }
        if (status != OK) {
            throw new LookupRefusedException(text(answer, keys));
        }
        return ok(answer, keys);
    }

    private Map<String, byte[]> ok(Answer answer, Set<String> keys) {
        if (!answer.whole()) {
            throw refused("more than maxAnswerBytes, " + lookup.maxAnswerBytes() + " bytes,", answer, keys);
        }
        String problem = JsonCheck.problem(answer.body());
        if (problem != null) {
            throw refused("what is no JSON value (" + problem + ")", answer, keys);
        }
        byte[] json = JsonValues.stripped(answer.body());
        if (lookup.maxBatch() == 1) {
            return JsonValues.isNull(json) ? Map.of() : Map.of(keys.iterator().next(), json);
        }
        if (!JsonValues.isObject(json)) {
            throw refused("what is no JSON object", answer, keys);
        }
        return JsonValues.of(json, keys);
    }

    private LookupRefusedException refused(String what, Answer answer, Set<String> keys) {
        return new LookupRefusedException(
                lookup.url() + " answered " + what + " for " + text(keys) + excerpt.beginning(answer.body()));
    }

    private String text(Answer answer, Set<String> keys) {
        return lookup.url() + " answered " + answer.status() + redirect(answer.location()) + " for " + text(keys)
                + excerpt.beginning(answer.body());
    }

    private String redirect(@Nullable String location) {
        return location == null ? "" : " (to " + excerpt.of(location) + ")";
    }

    private String text(Set<String> keys) {
        String first = "'" + excerpt.of(keys.iterator().next(), SHOWN_OF_A_KEY) + "'";
        return keys.size() == 1 ? "key " + first : keys.size() + " keys, " + first + " one of them";
    }
}
