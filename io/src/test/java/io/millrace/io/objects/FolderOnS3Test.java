package io.millrace.io.objects;

import static io.millrace.io.objects.Samples.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.io.s3.S3Clients;
import io.millrace.io.s3.S3Settings;
import io.millrace.testfixtures.s3.S3Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.aws2.options.S3ClientBuilderFactory;
import org.apache.beam.sdk.io.aws2.options.S3Options;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import software.amazon.awssdk.core.interceptor.Context.AfterExecution;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;

/** A folder tells what is not there from what cannot be read, and lists what is there while others delete. */
public class FolderOnS3Test {
    @Rule
    public final S3Rule s3 = new S3Rule();

    private String bucket;
    private Folder folder;

    @Before
    public void makeABucket() {
        registerFileSystems(S3Clients.class);
        bucket = s3.bucket("lake");
        folder = new Folder("s3://" + bucket + "/plays");
    }

    @Test
    public void listsWhatIsThereWhileOneObjectAfterTheOtherIsDeleted() throws IOException {
        for (String name : List.of("a", "b", "c", "d")) {
            folder.write("_manifest/" + name + ".json", out -> out.write(utf8("{}")));
        }
        Path manifests = s3.server().folder(bucket).resolve("plays/_manifest");
        DeletingClients.afterNextLists(
                manifests.resolve("a.json"), manifests.resolve("b.json"), manifests.resolve("c.json"));
        registerFileSystems(DeletingClients.class);

        assertThat(folder.list("_manifest/*.json"), is(List.of("_manifest/d.json")));
        assertThat(folder.list("_nothing/*.json"), is(List.of()));
    }

    @Test
    public void anObjectThatAnotherRunDeletedIsNotThere() throws IOException {
        folder.write("_manifest/a.json", out -> out.write(utf8("{}")));

        assertThat(folder.read("_manifest/a.json").map(text -> new String(text, UTF_8)), is(Optional.of("{}")));
        assertThat(folder.read("_manifest/b.json"), is(Optional.empty()));
    }

    private void registerFileSystems(Class<? extends S3ClientBuilderFactory> clients) {
        S3Options options = PipelineOptionsFactory.create().as(S3Options.class);
        new S3Settings("us-east-1", s3.server().endpoint()).setIn(options);
        options.setS3ClientFactoryClass(clients);
        FileSystems.setDefaultPipelineOptions(options);
    }

    /** Clients after whose listings, and before whose looks at what was listed, another run deletes an object. */
    public static final class DeletingClients implements S3ClientBuilderFactory {
        private static final Queue<Path> NEXT = new ConcurrentLinkedQueue<>();

        static void afterNextLists(Path... objects) {
            NEXT.clear();
            NEXT.addAll(List.of(objects));
        }

        @Override
        public S3ClientBuilder createBuilder(S3Options options) {
            S3ClientBuilder builder = new S3Clients().createBuilder(options);
            return builder.overrideConfiguration(builder.overrideConfiguration().toBuilder()
                    .addExecutionInterceptor(new DeleteAfterList())
                    .build());
        }
    }

    private static final class DeleteAfterList implements ExecutionInterceptor {
        @Override
        public void afterExecution(AfterExecution context, ExecutionAttributes attributes) {
            Path next = context.request() instanceof ListObjectsV2Request ? DeletingClients.NEXT.poll() : null;
            if (next != null) {
                delete(next);
            }
        }

        private static void delete(Path object) {
            try {
                Files.delete(object);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
