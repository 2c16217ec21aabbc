package io.millrace.io.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ReferencesTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("USER_NAME", "anna", "PASSWORD", "p$1\\x");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void leavesTextWithoutReferencesAsItIs() {
        assertThat(References.resolve("localhost:9092 $x {y}", ENVIRONMENT::get), is("localhost:9092 $x {y}"));
    }

    @Test
    public void putsVariablesInPlaceEvenWithSpecialCharacters() {
        assertThat(
                References.resolve("user=${env:USER_NAME} password=${env:PASSWORD}", ENVIRONMENT::get),
                is("user=anna password=p$1\\x"));
    }

    @Test
    public void putsAFilesContentInPlaceWithoutItsLastLineBreak() throws Exception {
        Path secret = folder.newFile().toPath();
        Files.writeString(secret, "s3cret\n");

        assertThat(References.resolve("${file:" + secret + "}", ENVIRONMENT::get), is("s3cret"));
    }

    @Test
    public void refusesAVariableThatIsNotSet() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> References.resolve("${env:NOWHERE}", ENVIRONMENT::get));

        assertThat(refused.getMessage(), is("environment variable NOWHERE must be set on every worker"));
    }

    @Test
    public void refusesAFileThatIsNotThere() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> References.resolve("${file:/no/such/file}", ENVIRONMENT::get));

        assertThat(refused.getMessage(), is("file /no/such/file must be readable on every worker"));
    }

    @Test
    public void tellsTheSecretsOfATextAndWhetherItHasAny() throws Exception {
        Path secret = folder.newFile().toPath();
        Files.writeString(secret, "s3cret\n");
        Path empty = folder.newFile().toPath();
        String text = "Bearer ${file:" + secret + "} ${file:" + empty + "}";

        assertThat(References.hasReference(text), is(true));
        assertThat(References.secretsOf(text), is(List.of("s3cret")));
        assertThat(References.hasReference("Bearer $s3cret {env:A}"), is(false));
        assertThat(References.secretsOf("Bearer s3cret"), is(List.of()));
    }
}
