package io.millrace.io.objects;

import static io.millrace.io.objects.Samples.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.io.s3.S3Settings;
import io.millrace.testfixtures.s3.S3Rule;
import java.io.IOException;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A folder tells what is not there from what cannot be read, and lists what is there while others delete. */
public class FolderOnS3Test {
    @Rule
    public final S3Rule s3 = new S3Rule();

    private String bucket;
    private Folder folder;

    @Before
    public void makeABucket() {
        PipelineOptions options = PipelineOptionsFactory.create();
        new S3Settings("us-east-1", s3.server().endpoint()).setIn(options);
        FileSystems.setDefaultPipelineOptions(options);
        bucket = s3.bucket("lake");
        folder = new Folder("s3://" + bucket + "/plays");
    }

    @Test
    public void anObjectThatAnotherRunDeletedIsNotThere() throws IOException {
        folder.write("_manifest/a.json", out -> out.write(utf8("{}")));

        assertThat(folder.read("_manifest/a.json").map(text -> new String(text, UTF_8)), is(Optional.of("{}")));
        assertThat(folder.read("_manifest/b.json"), is(Optional.empty()));
    }
}
