package io.millrace.io.s3;

import static io.millrace.io.publish.Readings.page;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.files.FilePublish;
import io.millrace.io.publish.Readings;
import io.millrace.testfixtures.s3.S3Rule;
import io.millrace.transforms.view.FullPublish;
import io.millrace.transforms.view.FullPublish.BrokenOffException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

public class FilePublishOnS3Test {
    @Rule
    public final S3Rule s3 = new S3Rule();

    private String path;

    @Before
    public void nameAFolder() {
        PipelineOptions options = PipelineOptionsFactory.create();
        new S3Settings("us-east-1", s3.server().endpoint()).setIn(options);
        FileSystems.setDefaultPipelineOptions(options);
        path = "s3://" + s3.bucket("lake") + "/assets";
    }

    private void write(String name, String text) throws IOException {
        OutputStream object = Channels.newOutputStream(
                FileSystems.create(FileSystems.matchNewResource(path + "/" + name, false), "text/plain"));
        try (OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(object) : object) {
            out.write(text.getBytes(UTF_8));
        }
    }

    @Test
    public void objectsAreReadThroughRestarts() throws Exception {
        List<String> expected = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < FilePublish.LINES_A_PAGE + 500; i++) {
            expected.add(path + "/a.jsonl:" + lines.length() + " " + i);
            lines.append(i).append('\n');
        }
        String text = lines.toString();
        write("a.jsonl", text);
        write("b.jsonl.gz", text);
        for (String entry : List.copyOf(expected)) {
            expected.add(entry.replace("a.jsonl", "b.jsonl.gz"));
        }
        FilePublish publish = new FilePublish(path);
        assertThat(Readings.entriesThroughRestarts(publish, new Random(1)), is(expected));
    }

    /** Again and again, so that some are within a second, which is all that a time of S3 tells. */
    @Test
    public void anObjectThatIsAnotherIsSeenWithinASecond() throws Exception {
        String text = "1\n".repeat(FilePublish.LINES_A_PAGE + 1);
        FilePublish folder = new FilePublish(path);
        FilePublish object = new FilePublish(path + "/a.jsonl");
        for (int i = 1; i < 5; i++) {
            write("a.jsonl", text);
            String ofTheFolder = page(folder, FullPublish.BEGINNING).next();
            String ofTheObject = page(object, FullPublish.BEGINNING).next();
            write("a.jsonl", text.replace("1", String.valueOf(i + 1)));

            assertBrokenOff(folder, ofTheFolder);
            assertBrokenOff(object, ofTheObject);
        }
    }

    private static void assertBrokenOff(FilePublish publish, String cursor) {
        assertThat(
                assertThrows(BrokenOffException.class, () -> page(publish, cursor))
                        .getMessage(),
                is(publish.path() + " cannot be gone on with: its files are others than at the beginning"));
    }

    @Test
    public void aPlaceWithoutObjectsFails() {
        assertThat(
                assertThrows(IOException.class, () -> page(new FilePublish(path), FullPublish.BEGINNING))
                        .getMessage(),
                is("path must lead to at least one file, but was " + path));
    }
}
