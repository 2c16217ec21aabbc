package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.io.sink.SinkProvider;
import io.millrace.runnerprofiles.RunnerProfile;
import io.millrace.transforms.event.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The one jar that a Flink cluster takes, beside the classes of this process. */
final class ClusterJar {
    private static final String BUILD = "mvn -q -pl pipelines -am package -DskipTests";
    private static final String PATTERN = "millrace-pipelines-.*-flink\\.jar";
    private static final List<Class<?>> ONE_OF_EACH_MODULE =
            List.of(ClusterJar.class, RouterSpec.class, RunnerProfile.class, SinkProvider.class, Event.class);

    private ClusterJar() {}

    /** The jar. */
    static Path path() {
        return find().orElseThrow(() -> new IllegalStateException(missing()));
    }

    /** Why the jar cannot be used, if it cannot. */
    static Optional<String> problem() {
        Optional<Path> jar = find();
        if (jar.isEmpty()) {
            return Optional.of(missing());
        }
        FileTime built = modified(jar.get());
        return newestClass()
                .filter(compiled -> compiled.compareTo(built) > 0)
                .map(compiled -> "the jar for the cluster, " + jar.get().getFileName()
                        + ", is older than the classes; build it with: " + BUILD);
    }

    private static String missing() {
        return "the jar for the cluster is not there; build it with: " + BUILD;
    }

    private static Optional<Path> find() {
        Path classes = location(ClusterJar.class);
        if (isClusterJar(classes)) {
            return Optional.of(classes);
        }
        Path folder = classes.getParent();
        return folder == null ? Optional.empty() : newestIn(folder);
    }

    private static Optional<Path> newestIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(ClusterJar::isClusterJar)
                    .max((one, other) -> modified(one).compareTo(modified(other)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isClusterJar(Path file) {
        return String.valueOf(file.getFileName()).matches(PATTERN);
    }

    private static Optional<FileTime> newestClass() {
        return ONE_OF_EACH_MODULE.stream()
                .map(ClusterJar::location)
                .filter(Files::isDirectory)
                .flatMap(ClusterJar::newestFile)
                .max(FileTime::compareTo);
    }

    private static Stream<FileTime> newestFile(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(ClusterJar::modified).max(FileTime::compareTo).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path location(Class<?> type) {
        try {
            URI location =
                    type.getProtectionDomain().getCodeSource().getLocation().toURI();
            return Path.of(location);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
