package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.devinterface.spec.ViewSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which view of a spec a command asks. */
final class AskedViewOptions {
    @Mixin
    private final SpecFileOption spec = new SpecFileOption();

    @Option(
            names = "--view",
            paramLabel = "NAME",
            description = "The view that is meant. It must be given where the spec has several.")
    private @Nullable String view;

    /** The view; nothing if there is none, or if it cannot be asked, which is then a problem. */
    Optional<AskedView> read(Problems problems) {
        return spec.read(Target.LOCAL, problems)
                .flatMap(read -> name(read, problems).flatMap(name -> asked(read, name, problems)));
    }

    private Optional<String> name(RouterSpec spec, Problems problems) {
        List<String> names = List.copyOf(spec.namedViews().keySet());
        String all = String.join(", ", names);
        if (names.isEmpty()) {
            problems.add("views", "is required, but the spec has none");
        } else if (view != null && !names.contains(view)) {
            problems.add("--view", "must be one of " + all + ", but was " + view);
        } else if (view == null && names.size() > 1) {
            problems.add("--view", "is required, one of " + all);
        } else {
            return Optional.of(view == null ? names.get(0) : view);
        }
        return Optional.empty();
    }

    private static Optional<AskedView> asked(RouterSpec spec, String name, Problems problems) {
        Map<String, ViewSpec> views = spec.namedViews();
        ViewSpec chosen = views.get(name);
        if (chosen == null) {
            return Optional.empty();
        }
        if (chosen.control() == null) {
            problems.add(
                    "views." + name + ".control",
                    "is required, so that the job can be asked, such as control: {kafka: {bootstrapServers: \"localhost:9092\","
                            + " topic: " + name + "-control}}");
            return Optional.empty();
        }
        return Optional.of(new AskedView(spec, name, chosen, chosen.control().kafka()));
    }
}
