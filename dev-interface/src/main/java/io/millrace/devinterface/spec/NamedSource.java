package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Reading.Part;
import java.util.stream.Stream;

/** A source that could be made, as a part of its spec. */
record NamedSource(Part part) {

    /** Those of a spec. */
    static Stream<NamedSource> in(Reading reading) {
        return reading.parts(SourceSpec.class).stream().map(NamedSource::new);
    }

    /** The name by which routes choose it. */
    String name() {
        return path().substring(path().lastIndexOf('.') + 1);
    }

    String path() {
        return part.path();
    }

    SourceSpec spec() {
        return (SourceSpec) part.made();
    }
}
