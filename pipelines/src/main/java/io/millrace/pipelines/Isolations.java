package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.runnerprofiles.FlinkClusterException;
import java.util.Collection;
import java.util.List;

/** Isolated and shared jobs of one pipeline, of which only one kind may run: side by side they would deliver every event twice. */
final class Isolations {
    private Isolations() {}

    /**
     * Refuses to start a spec's jobs beside running ones of the other kind.
     *
     * @param running the names of the pipeline's jobs that run
     */
    static void check(RouterSpec spec, Collection<String> running) {
        List<String> others = running.stream()
                .filter(name -> name.equals(spec.name()) != spec.isShared())
                .sorted()
                .toList();
        if (!others.isEmpty()) {
            String asTheyAre = spec.isShared() ? "isolated routes" : "routes that share it";
            throw new FlinkClusterException(
                    (others.size() == 1 ? "job " : "jobs ") + String.join(", ", others)
                            + " of " + asTheyAre + " must not run beside what the spec says now, isolation: "
                            + (spec.isShared() ? "shared" : "isolated")
                            + ", since every event would be delivered twice: router hand-over moves routes from one to the other");
        }
    }
}
