package io.millrace.transforms.router;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.Projection;
import io.millrace.transforms.expression.TextExpression;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events a route takes, and what it makes of them.
 *
 * @param name the route's name: of its output, of its results' identities and of its metrics
 * @param filter the events it takes; null takes all
 * @param lookups what is looked up for an event that the filter took, one after the other
 * @param projection the value it makes of an event; null leaves the value as it came
 * @param key the key it gives a result; null leaves the key as it came
 * @param onError what becomes of an event on which an expression fails
 * @param removals whether an event without a value says that its key is removed, and passes on as it is, unless a filter looks into it
 */
public record Route(
        String name,
        @Nullable Filter filter,
        List<Lookup> lookups,
        @Nullable Projection projection,
        @Nullable TextExpression key,
        OnError onError,
        boolean removals)
        implements Serializable {

    /** What becomes of an event whose document is sound but on which an expression fails. */
    public enum OnError {
        /** It becomes a dead letter. */
        DEAD_LETTER,
        /** It is dropped, and counted as filtered. */
        DROP
    }

    /**
     * A field of an event's document that is looked up.
     *
     * @param into its name
     * @param key what is looked up
     * @param answers what answers
     */
    public record Lookup(String into, TextExpression key, Answers answers) implements Serializable {
        /** What the header of a field's age begins with: how old a value was when it was used, in milliseconds. */
        public static final String AGE_HEADER = "millrace-age-";
    }

    public Route {
        lookups = List.copyOf(lookups);
        checkArgument(!name.isEmpty(), "name must not be empty");
    }

    /** A route that takes every event and passes it on unchanged. */
    public static Route named(String name) {
        return new Route(name, null, List.of(), null, null, OnError.DEAD_LETTER, false);
    }

    /** The same route, taking only events for which the filter is true. */
    public Route withFilter(@Nullable Filter filter) {
        return new Route(name, filter, lookups, projection, key, onError, removals);
    }

    /** The same route, looking fields up for the events that the filter took: projection and key see them. */
    public Route withLookups(List<Lookup> lookups) {
        return new Route(name, filter, lookups, projection, key, onError, removals);
    }

    /** The same route, making another value of each event. */
    public Route withProjection(@Nullable Projection projection) {
        return new Route(name, filter, lookups, projection, key, onError, removals);
    }

    /** The same route, giving each result a key. */
    public Route withKey(@Nullable TextExpression key) {
        return new Route(name, filter, lookups, projection, key, onError, removals);
    }

    /** The same route, doing otherwise with events on which an expression fails. */
    public Route withOnError(OnError onError) {
        return new Route(name, filter, lookups, projection, key, onError, removals);
    }

    /** The same route, of events of which those without a value say that their keys are removed, or not. */
    public Route withRemovals(boolean removals) {
        return new Route(name, filter, lookups, projection, key, onError, removals);
    }
}
