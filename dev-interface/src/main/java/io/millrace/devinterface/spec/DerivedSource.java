package io.millrace.devinterface.spec;

import java.util.List;

/** What is made of sources, and is read by routes as if it were one: a join or a view. */
public sealed interface DerivedSource permits JoinSpec, ViewSpec {

    /** Whether it reads a source. */
    boolean reads(String source);

    /** The names under which routes read what one of this name gives. */
    List<String> outputs(String name);

    /** Whether a route reads something of it, under its name. */
    default boolean isReadBy(RouteSpec route, String name) {
        return outputs(name).stream().anyMatch(route::reads);
    }
}
