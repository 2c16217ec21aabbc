package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Reading.Part;
import java.util.List;
import java.util.stream.Stream;

/** A join that could be made, as a part of its spec. */
record NamedJoin(Part part) {

    /** Those of a spec. */
    static Stream<NamedJoin> in(Reading reading) {
        return reading.parts(JoinSpec.class).stream().map(NamedJoin::new);
    }

    String name() {
        return path().substring(path().lastIndexOf('.') + 1);
    }

    String path() {
        return part.path();
    }

    JoinSpec spec() {
        return (JoinSpec) part.made();
    }

    /** The names under which routes read what it gives. */
    List<String> outputs() {
        return spec().outputs(name());
    }

    boolean isReadBy(RouteSpec route) {
        return spec().isReadBy(route, name());
    }
}
