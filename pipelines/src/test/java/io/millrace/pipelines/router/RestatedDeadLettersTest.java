package io.millrace.pipelines.router;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.io.objects.FolderSink;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.DeadLetterJson;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class RestatedDeadLettersTest {
    private static final Origin GIVEN_UP = new Origin("cluster/plays", 0, 7);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private RouterSpec spec;
    private Path shadow;

    @Before
    public void spec() throws Exception {
        spec = SpecReader.read("""
                name: plays
                source: {kafka: {bootstrapServers: "127.0.0.1:1", topics: [plays]}}
                routes: [{name: all, sink: {none: {}}}]
                deadLetters: {files: {path: %s/dead-letters}}
                """.formatted(folder.getRoot()), Target.LOCAL);
        FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
        shadow = folder.getRoot().toPath().resolve("dead-letters-restated-1");
    }

    private static byte[] line() {
        Event event = Event.of(ResultId.of(GIVEN_UP), null, "{".getBytes(UTF_8), Headers.empty());
        DeadLetter deadLetter =
                new DeadLetter(event, "all", "filter", Reason.FILTER_FAILED, "no JSON", DeadLetter.NO_TIME);
        return requireNonNull(DeadLetterJson.of(new Run("plays", "", "run-1", 1))
                .toEvent(deadLetter)
                .value());
    }

    @Test
    public void areTheEventsThatWereGivenUpByRoute() throws Exception {
        FolderSink.makeShadow(shadow.toString());
        Files.write(shadow.resolve("one.jsonl"), line());

        assertThat(RestatedDeadLetters.of(spec, "-restated-1"), is(Map.of("all", Set.of(GIVEN_UP))));
    }

    @Test
    public void areNoneWhereNothingWasGivenUp() throws Exception {
        FolderSink.makeShadow(shadow.toString());

        assertThat(RestatedDeadLetters.of(spec, "-restated-1"), is(Map.of()));
    }

    @Test
    public void areNotKnownWhereTheShadowIsGone() {
        IOException failure = assertThrows(IOException.class, () -> RestatedDeadLetters.of(spec, "-restated-1"));

        assertThat(failure.getMessage(), containsString("must be there, but is not"));
    }
}
