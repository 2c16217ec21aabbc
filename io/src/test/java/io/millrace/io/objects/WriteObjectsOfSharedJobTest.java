package io.millrace.io.objects;

import static io.millrace.io.objects.Contents.dataOf;
import static io.millrace.io.objects.Samples.line;
import static io.millrace.io.objects.Samples.play;
import static io.millrace.io.objects.Samples.text;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.ONE_PAST;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.io.sink.SinkContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.beam.sdk.options.PipelineOptions;
import org.junit.Test;

/** On Flink, where a step waits for its objects only at the end of the input. */
public class WriteObjectsOfSharedJobTest extends WriteObjectsCases {

    @Override
    PipelineOptions options() {
        return WriteObjectsOnFlinkTest.flink();
    }

    @Override
    SinkContext context() {
        return super.context().sharing(true);
    }

    @Test
    public void aWriteThatFailsIsMadeAgainAndFailsNothing() throws IOException {
        Files.createFile(folder()); // which no folder can replace until a write has failed
        String path = folder().toString();

        run(
                windows(MINUTE).withTransientFailures(failure -> !deletes(path)),
                timeline()
                        .at(NOON, play(1))
                        .watermarkTo(ONE_PAST.plusSeconds(1))
                        .at(NOON, play(2))
                        .toTheEnd());

        assertThat(dataOf(folder()), is(Map.of(NOON_OBJECT, text(line(1), line(2)))));
    }

    private static boolean deletes(String file) {
        try {
            Files.delete(Path.of(file));
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
