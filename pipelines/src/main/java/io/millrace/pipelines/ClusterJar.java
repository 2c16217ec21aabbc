package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.io.sink.SinkProvider;
import io.millrace.runnerprofiles.RunnerProfile;
import io.millrace.transforms.event.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The one jar that a Flink cluster takes: it is built beside the classes of this module, and must not be older than any. */
final class ClusterJar {
    private static final String BUILD = "mvn -q -pl pipelines -am package -DskipTests";
    private static final String NAME = "millrace-pipelines-.*-flink\\.jar";
    private static final List<Class<?>> ONE_OF_EACH_MODULE =
            List.of(ClusterJar.class, RouterSpec.class, RunnerProfile.class, SinkProvider.class, Event.class);

    private final List<Path> classes;

    private ClusterJar(List<Path> classes) {
        this.classes = List.copyOf(classes);
    }

    /** The jar for the classes of this process. */
    static ClusterJar ofThisProcess() {
        return of(ONE_OF_EACH_MODULE.stream().map(ClusterJar::location).toList());
    }

    /** The jar for folders or jars of classes, those of this module first. */
    static ClusterJar of(List<Path> classes) {
        return new ClusterJar(classes);
    }

    /** Where it is. */
    Path path() {
        return find().orElseThrow(() -> new IllegalStateException(missing()));
    }

    /** Why it cannot be used, if it cannot. */
    Optional<String> problem() {
        Optional<Path> jar = find();
        return jar.isEmpty()
                ? Optional.of(missing())
                : newestClass()
                        .filter(compiled -> compiled.compareTo(modified(jar.get())) > 0)
                        .map(compiled -> outdated(jar.get()));
    }

    private static String missing() {
        return "the jar for the cluster is not there; build it with: " + BUILD;
    }

    private static String outdated(Path jar) {
        return "the jar for the cluster, " + jar.getFileName() + ", is older than the classes; build it with: " + BUILD;
    }

    private Optional<Path> find() {
        Path ours = classes.get(0);
        Path folder = ours.getParent();
        return isClusterJar(ours) || folder == null
                ? Optional.of(ours).filter(ClusterJar::isClusterJar)
                : newestIn(folder);
    }

    private static Optional<Path> newestIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(ClusterJar::isClusterJar).max(Comparator.comparing(ClusterJar::modified));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isClusterJar(Path file) {
        return String.valueOf(file.getFileName()).matches(NAME);
    }

    private Optional<FileTime> newestClass() {
        return classes.stream()
                .filter(Files::isDirectory)
                .flatMap(ClusterJar::newestFile)
                .max(Comparator.naturalOrder());
    }

    private static Stream<FileTime> newestFile(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(ClusterJar::modified).max(Comparator.naturalOrder()).stream();
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
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
