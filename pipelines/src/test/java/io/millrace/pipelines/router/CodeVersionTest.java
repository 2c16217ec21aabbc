package io.millrace.pipelines.router;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class CodeVersionTest {
    private static final String CODER = "io/millrace/Coder.class";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private int jars;

    @Test
    public void isOfWhatTheClassesAreAndOfNothingElse() throws IOException {
        String version = CodeVersion.of(jar(0, CODER, "one", "io/millrace/Other.class", "two", "logo.png", "a"));

        assertThat(version, matchesPattern("[0-9a-f]{8}"));
        assertThat(
                CodeVersion.of(jar(86_400_000, "logo.png", "b", "io/millrace/Other.class", "two", CODER, "one")),
                is(version));
        assertThat(CodeVersion.of(jar(0, CODER, "One", "io/millrace/Other.class", "two")), is(not(version)));
        assertThat(CodeVersion.of(jar(0, CODER, "two", "io/millrace/Other.class", "one")), is(not(version)));
    }

    @Test
    public void isNotKnownOfFolders() {
        assertThat(CodeVersion.ofThisProcess(), is(CodeVersion.UNKNOWN));
    }

    private Path jar(long time, String... namesAndContents) throws IOException {
        Path jar = folder.getRoot().toPath().resolve(jars++ + ".jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            List<String> all = List.of(namesAndContents);
            for (int i = 0; i < all.size(); i += 2) {
                ZipEntry entry = new ZipEntry(all.get(i));
                entry.setTime(time);
                out.putNextEntry(entry);
                out.write(all.get(i + 1).getBytes(UTF_8));
            }
        }
        return jar;
    }
}
