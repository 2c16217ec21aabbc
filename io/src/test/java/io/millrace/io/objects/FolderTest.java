package io.millrace.io.objects;

import static io.millrace.io.objects.Contents.dataOf;
import static io.millrace.io.objects.Contents.manifestsOf;
import static io.millrace.io.objects.Samples.contextOf;
import static io.millrace.io.objects.Samples.line;
import static io.millrace.io.objects.Samples.play;
import static io.millrace.io.objects.Samples.text;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.joda;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertThrows;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.millrace.io.sink.Patience;
import io.millrace.io.sink.TimeOfWaiting;
import io.millrace.transforms.event.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A write waits for its file system, with one patience for all of its steps: here files stand where folders are to be. */
public class FolderTest {
    private static final Slot SLOT = new Slot(joda(NOON), 0);

    @Rule
    public final TemporaryFolder folders = new TemporaryFolder();

    private final TimeOfWaiting time = new TimeOfWaiting();
    private final Duration objectsFrom = Duration.ofMinutes(3);
    private Duration manifestsFrom = objectsFrom;

    @BeforeClass
    public static void registerFileSystems() {
        FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    }

    @Before
    public void stopObjectsAndThenManifests() throws IOException {
        Files.createFile(out());
    }

    @Test
    public void theStepsOfOneWriteWaitNoLongerThanOneOfThem() {
        manifestsFrom = Duration.ofMinutes(6);

        IOException failure = assertThrows(IOException.class, () -> ledger().write(SLOT, lines()));

        assertThat(failure.getMessage().split(":")[0], endsWith("must answer within 5 minutes, but"));
        assertThat(time.passed(), lessThanOrEqualTo(Duration.ofMinutes(5)));
    }

    @Test
    public void writesEverythingWhereTheTroubleIsOverInTime() throws IOException {
        manifestsFrom = Duration.ofMinutes(4);

        ledger().write(SLOT, lines());

        assertThat(dataOf(out()), is(Map.of("long-plays-2026-01-01T12-00Z-00-of-01-first-e0.jsonl", text(line(1)))));
    }

    @Test
    public void theNextWriteHasPatienceOfItsOwn() throws IOException {
        Ledger ledger = ledger();
        manifestsFrom = Duration.ofMinutes(4);
        ledger.write(SLOT, lines());
        MoreFiles.deleteRecursively(manifests(), RecursiveDeleteOption.ALLOW_INSECURE);
        Files.createFile(manifests());
        manifestsFrom = Duration.ofMinutes(8);

        ledger.write(SLOT, lines());

        assertThat(manifestsOf(out()).size(), is(1));
    }

    private Ledger ledger() {
        Run run = contextOf("first", 0).run();
        return new Ledger(
                new Folder(out().toString(), failure -> failure instanceof IOException)
                        .by(Patience.with("folder").by(this::sleep, time)),
                new ObjectNames(run, "long-plays", 1, Compression.NONE),
                run,
                Compression.NONE);
    }

    private void sleep(long millis) {
        time.sleep(millis);
        if (time.passed().compareTo(objectsFrom) > 0 && Files.isRegularFile(out())) {
            replaceByFolder(out());
            createFile(manifests());
        } else if (time.passed().compareTo(manifestsFrom) > 0 && Files.isRegularFile(manifests())) {
            replaceByFolder(manifests());
        }
    }

    private Path out() {
        return folders.getRoot().toPath().resolve("out");
    }

    private Path manifests() {
        return out().resolve("_manifest");
    }

    private static Lines lines() {
        return Lines.of(List.of(LineBlock.of(List.of(Line.of(play(1))))));
    }

    private static void replaceByFolder(Path file) {
        try {
            Files.delete(file);
            Files.createDirectory(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void createFile(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
