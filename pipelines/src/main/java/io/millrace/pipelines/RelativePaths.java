package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SinkSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The paths of a spec that mean something else in another working folder. */
final class RelativePaths {
    private RelativePaths() {}

    /** Where in the spec each stands, and what it is. */
    static Map<String, String> of(RouterSpec spec) {
        Map<String, String> relative = new LinkedHashMap<>();
        add("source.files.path", spec.source().localPath(), relative);
        for (int route = 0; route < spec.routes().size(); route++) {
            add("routes[" + route + "].sink", spec.routes().get(route).sink(), relative);
        }
        add("deadLetters", spec.deadLetters(), relative);
        return relative;
    }

    private static void add(String path, SinkSpec<?> sink, Map<String, String> relative) {
        add(path + "." + sink.name() + ".path", sink.localPath(), relative);
    }

    private static void add(String path, Optional<String> value, Map<String, String> relative) {
        value.filter(text -> !text.startsWith("file:") && !Path.of(text).isAbsolute())
                .ifPresent(text -> relative.put(path, text));
    }
}
