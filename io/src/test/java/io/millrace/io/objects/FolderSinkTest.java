package io.millrace.io.objects;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.files.FileSinkProvider;
import java.time.Duration;
import java.util.Optional;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

public class FolderSinkTest {
    private static final FolderSink SINK = FolderSink.of("out/plays");

    @Test
    public void saysWhatIsWrongWithASetting() {
        assertThat(messageOf(() -> FolderSink.of("")), is("path must not be empty"));
        assertThat(
                messageOf(() -> FolderSink.of("out/*")),
                is("path must be a folder without any of * ? [ ] { }, but was out/*"));
        assertThat(messageOf(() -> SINK.withShards(0)), is("shards must be at least 1, but was 0"));
        assertThat(
                messageOf(() -> SINK.withWindow(Duration.ofNanos(1))),
                is("window must be at least 1 ms, but was PT0.000000001S"));
        assertThat(
                messageOf(() -> SINK.withAllowedLateness(Duration.ofSeconds(1))),
                is("allowedLateness must be PT0S without a window, but was PT1S"));
        assertThat(
                messageOf(() -> SINK.withWindow(Duration.ofSeconds(1)).withAllowedLateness(Duration.ofSeconds(-1))),
                is("allowedLateness must not be negative, but was PT-1S"));
    }

    @Test
    public void needsEventTimesForWindowsAlone() {
        FileSinkProvider files = new FileSinkProvider();

        assertThat(files.needsEventTimes(SINK), is(false));
        assertThat(files.needsEventTimes(SINK.withWindow(Duration.ofMinutes(1))), is(true));
    }

    @Test
    public void aPathIsLocalUnlessAnotherSchemeSaysWhereItIs() {
        FileSinkProvider files = new FileSinkProvider();

        assertThat(files.localPath(SINK), is(Optional.of("out/plays")));
        assertThat(files.localPath(FolderSink.of("file:///data/plays")), is(Optional.of("file:///data/plays")));
        assertThat(files.localPath(FolderSink.of("s3://lake/plays")), is(Optional.empty()));
    }

    private static String messageOf(ThrowingRunnable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong).getMessage();
    }
}
