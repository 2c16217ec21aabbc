package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.expression.Projection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a route makes of an event, as it is written: computed fields, or fields that are kept.
 *
 * @param computed output field → expression, in the order of output; empty if fields are kept
 * @param kept the paths of the fields to keep; empty if fields are computed
 */
public record ProjectSpec(Map<String, String> computed, List<String> kept) {

    public ProjectSpec {
        computed = Collections.unmodifiableMap(new LinkedHashMap<>(computed));
        kept = List.copyOf(kept);
        checkArgument(computed.isEmpty() || kept.isEmpty(), "kept must be empty beside computed, but was %s", kept);
    }

    /** The projection that does it. */
    public Projection projection() {
        return kept.isEmpty() ? Projection.of(computed) : Projection.keeping(kept);
    }
}
