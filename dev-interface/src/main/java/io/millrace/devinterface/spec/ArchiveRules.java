package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Reading.Part;
import io.millrace.io.kafka.KafkaSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What must hold of routes that are archives: they write all that is read of one source, and nothing else. */
final class ArchiveRules {
    private final Reading reading;

    private ArchiveRules(Reading reading) {
        this.reading = reading;
    }

    /** Notes what does not hold. */
    static void check(Reading reading) {
        ArchiveRules rules = new ArchiveRules(reading);
        reading.parts(RouteSpec.class).stream()
                .filter(part -> ((RouteSpec) part.made()).isArchive())
                .forEach(rules::check);
    }

    private void check(Part part) {
        RouteSpec route = (RouteSpec) part.made();
        settings(route).forEach((name, value) -> {
            if (value != null) {
                problem(
                        part,
                        name,
                        "must not be given where the route is an archive, which has every record as it was");
            }
        });
        checkSource(part, route);
    }

    private static Map<String, @Nullable Object> settings(RouteSpec route) {
        Map<String, @Nullable Object> settings = new LinkedHashMap<>();
        settings.put("filter", route.filter());
        settings.put("enrich", route.enrich());
        settings.put("project", route.project());
        settings.put("script", route.script());
        settings.put("key", route.key());
        return settings;
    }

    private void checkSource(Part part, RouteSpec route) {
        if (NamedDerived.in(reading).anyMatch(derived -> derived.spec().isReadBy(route, derived.name()))) {
            problem(part, "from", "must be a source of Kafka where the route is an archive, and no join or view");
            return;
        }
        List<NamedSource> read = NamedSource.in(reading)
                .filter(source -> route.reads(source.name()))
                .toList();
        if (read.size() != 1) {
            if (read.size() > 1) {
                problem(part, "from", "must be one source where the route is an archive, but were " + read.size());
            }
            return;
        }
        NamedSource source = read.get(0);
        KafkaSource kafka = source.spec().kafka();
        if (kafka == null) {
            problem(part, "archive", "must be of a source of Kafka, but " + source.path() + " has files");
        } else if (kafka.archive() == null) {
            problem(part, "archive", "needs " + source.path() + ".kafka.archive, which must be the folder of the sink");
        } else {
            checkSink(part, route, source.path() + ".kafka.archive", kafka.archive());
        }
    }

    private void checkSink(Part part, RouteSpec route, String path, String archive) {
        Optional<String> written = route.sink().archivePath();
        if (written.isEmpty()) {
            problem(part, "sink", "must be files or s3, without a window, where the route is an archive");
        } else if (!written.get().equals(archive)) {
            problem(
                    part,
                    "sink",
                    "must write to " + path + ", " + Words.quoted(archive) + ", where the route is an archive, but was "
                            + Words.quoted(written.get()));
        }
    }

    private void problem(Part part, String key, String message) {
        reading.problem(Words.key(part.path(), key), part.at(), message);
    }
}
