package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.s3.S3Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a route has archived in S3 is a source of files, compressed or not. */
public class ReadFromS3Test {
    @Rule
    public final S3Rule s3 = new S3Rule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void readsAnArchiveOfCompressedAndOfPlainObjects() throws IOException {
        String bucket = s3.bucket("lake");
        String archive = "s3://" + bucket + "/archive";
        Files.writeString(path("plays.jsonl"), "{\"id\":1}\n{\"id\":2}\n");
        run(path("plays.jsonl").toString(), "{s3: {path: \"" + archive + "\", compression: gzip}}");
        Files.writeString(s3.server().folder(bucket).resolve("archive/more.jsonl"), "{\"id\":3}\n{\"id\":4}\n");

        run(archive, "{files: {path: \"" + path("out/all") + "\"}}");
        run(archive + "/*.gz", "{files: {path: \"" + path("out/compressed") + "\"}}");
        run(archive + "/more.jsonl", "{files: {path: \"" + path("out/one") + "\"}}");

        assertThat(delivered("out/all"), containsInAnyOrder("{\"id\":1}", "{\"id\":2}", "{\"id\":3}", "{\"id\":4}"));
        assertThat(delivered("out/compressed"), containsInAnyOrder("{\"id\":1}", "{\"id\":2}"));
        assertThat(delivered("out/one"), containsInAnyOrder("{\"id\":3}", "{\"id\":4}"));
    }

    private void run(String source, String sink) throws IOException {
        String text = """
                name: plays
                source: {files: {path: "${source}"}}
                routes:
                  - name: archive
                    sink: ${sink}
                s3: {region: us-east-1, endpoint: "${s3}"}
                deadLetters: {files: {path: "${folder}/dead-letters"}}
                """.replace("${source}", source)
                .replace("${sink}", sink)
                .replace("${s3}", s3.server().endpoint())
                .replace("${folder}", folder.getRoot().toString());
        CommandLineRun run = CommandLineRun.of("router", "--spec=" + Files.writeString(path("spec.yaml"), text));
        assertThat(run.err(), run.status(), is(Commands.DONE));
    }

    private List<String> delivered(String name) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(path(name))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }
}
