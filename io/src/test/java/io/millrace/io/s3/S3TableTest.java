package io.millrace.io.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.table.JsonTable;
import io.millrace.testfixtures.s3.S3Rule;
import io.millrace.transforms.enricher.LookupTable.Loaded;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

public class S3TableTest {
    @Rule
    public final S3Rule s3 = new S3Rule();

    private String path;
    private JsonTable table;

    @Before
    public void nameAnObject() {
        PipelineOptions options = PipelineOptionsFactory.create();
        new S3Settings("us-east-1", s3.server().endpoint()).setIn(options);
        FileSystems.setDefaultPipelineOptions(options);
        path = "s3://" + s3.bucket("lake") + "/titles/videos.jsonl.gz";
        table = new JsonTable("id", new S3Table(path));
    }

    private void write(String rows) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Channels.newOutputStream(
                FileSystems.create(FileSystems.matchNewResource(path, false), "text/plain")))) {
            out.write(rows.getBytes(UTF_8));
        }
    }

    @Test
    public void readsAnObjectAndNotAgainBeforeItIsAnother() throws Exception {
        write("{\"id\":1,\"title\":\"Alien\"}\n");
        Loaded<String, byte[]> first = table.load("").orElseThrow();
        assertThat(new String(first.table().get("1"), UTF_8), is("{\"id\":1,\"title\":\"Alien\"}"));
        assertThat(table.load(first.version()), is(Optional.empty()));

        write("{\"id\":1,\"title\":\"Alias\"}\n");
        Loaded<String, byte[]> second = table.load(first.version()).orElseThrow();

        assertThat(new String(second.table().get("1"), UTF_8), is("{\"id\":1,\"title\":\"Alias\"}"));
        assertThat(table.load(second.version()), is(Optional.empty()));
    }

    @Test
    public void anObjectThatIsNotThereFails() {
        assertThat(assertThrows(IOException.class, () -> table.load("")).getMessage(), is("there is no such object"));
    }

    @Test
    public void aPathLeadsToOneObject() {
        for (String wrong :
                new String[] {"s3://lake", "s3://lake/", "s3://lake/titles/", "s3://lake/*.jsonl", "titles"}) {
            assertThat(
                    assertThrows(IllegalArgumentException.class, () -> new S3Table(wrong))
                            .getMessage(),
                    is("path must be s3://BUCKET/OBJECT without a glob, but was '" + wrong + "'"));
        }
    }
}
