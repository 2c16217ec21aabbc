package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ClusterJarTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path classes;
    private Path otherClasses;

    @Before
    public void compile() throws IOException {
        classes = folder.newFolder("pipelines", "target", "classes").toPath();
        otherClasses = folder.newFolder("io", "target", "classes").toPath();
        file(classes.resolve("Millrace.class"), NOON);
    }

    @Test
    public void saysHowToBuildAJarThatIsNotThere() {
        assertThat(
                problem(),
                is(Optional.of("the jar for the cluster is not there; build it with: mvn -q -pl pipelines -am package"
                        + " -DskipTests")));
    }

    @Test
    public void takesTheJarThatWasBuiltAfterTheClasses() throws IOException {
        Path jar = file(classes.resolveSibling("millrace-pipelines-1.0-flink.jar"), NOON.plusSeconds(1));
        file(classes.resolveSibling("millrace-pipelines-1.0.jar"), NOON.plusSeconds(2));

        assertThat(problem(), is(Optional.empty()));
        assertThat(jar().path(), is(jar));
    }

    @Test
    public void saysHowToBuildAJarThatIsOlderThanTheClassesOfAnyModule() throws IOException {
        file(classes.resolveSibling("millrace-pipelines-1.0-flink.jar"), NOON.plusSeconds(1));
        file(otherClasses.resolve("FileEvents.class"), NOON.plusSeconds(2));

        assertThat(
                problem(),
                is(Optional.of(
                        "the jar for the cluster, millrace-pipelines-1.0-flink.jar, is older than the classes; build it"
                                + " with: mvn -q -pl pipelines -am package -DskipTests")));
    }

    @Test
    public void isTheJarThatThisProcessWasStartedFrom() throws IOException {
        Path jar = file(classes.resolveSibling("millrace-pipelines-1.0-flink.jar"), NOON);

        assertThat(ClusterJar.of(List.of(jar, jar)).path(), is(jar));
    }

    private ClusterJar jar() {
        return ClusterJar.of(List.of(classes, otherClasses));
    }

    private Optional<String> problem() {
        return jar().problem();
    }

    private static Path file(Path path, Instant modified) throws IOException {
        Files.createFile(path);
        return Files.setLastModifiedTime(path, FileTime.from(modified));
    }
}
