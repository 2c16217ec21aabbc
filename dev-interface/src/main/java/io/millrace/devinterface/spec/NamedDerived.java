package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Reading.Part;
import java.util.List;
import java.util.stream.Stream;

/** What is made of sources and could be made, as a part of its spec. */
record NamedDerived(Part part) {

    /** Those of a spec. */
    static Stream<NamedDerived> in(Reading reading) {
        return Stream.of(JoinSpec.class, ViewSpec.class)
                .flatMap(kind -> reading.parts(kind).stream())
                .map(NamedDerived::new);
    }

    /** Whether a route reads a source, by itself or by what is made of it. */
    static boolean isRead(RouteSpec route, NamedSource source, Reading reading) {
        return route.reads(source.name())
                || in(reading)
                        .filter(derived -> derived.spec().isReadBy(route, derived.name()))
                        .anyMatch(derived -> derived.spec().reads(source.name()));
    }

    String name() {
        return path().substring(path().lastIndexOf('.') + 1);
    }

    String path() {
        return part.path();
    }

    DerivedSource spec() {
        return (DerivedSource) part.made();
    }

    /** The names under which routes read what it gives. */
    List<String> outputs() {
        return spec().outputs(name());
    }
}
