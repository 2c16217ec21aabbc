package io.millrace.devinterface.spec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.io.sink.SinkProvider;
import io.millrace.io.sink.Sinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.Test;

/** The documents that are made from the records. */
public class ReferenceTest {
    private static final Path REFERENCE = Path.of("..", "docs", "reference");
    private static final String REGENERATE =
            "mvn -pl dev-interface -am test -Dtest=ReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dmillrace.regenerate=true";

    /** The sinks that come with Millrace, without those of tests. */
    private static final Map<String, SinkProvider<?>> BUILT_IN = Sinks.byName().values().stream()
            .filter(sink -> sink.getClass().getPackageName().startsWith("io.millrace.io."))
            .collect(toMap(SinkProvider::name, Function.identity(), (one, other) -> one, TreeMap::new));

    @Test
    public void theCheckedInReferenceIsFresh() throws Exception {
        assertFresh(REFERENCE.resolve("router-spec.md"), SpecReference.markdown(BUILT_IN));
    }

    @Test
    public void theCheckedInSchemaIsFresh() throws Exception {
        assertFresh(REFERENCE.resolve("router-spec.schema.json"), SpecSchema.json(BUILT_IN));
    }

    @Test
    public void theSchemaIsOneItself() {
        JsonSchema metaSchema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        assertThat(metaSchema.validate(SpecSchema.json(Sinks.byName()), InputFormat.JSON), is(empty()));
    }

    @Test
    public void theSchemaAcceptsWhatTheReaderAccepts() throws Exception {
        for (String name : Samples.NAMES) {
            String text = Samples.text(name);

            assertThat(name, validate(text, name.endsWith(".json") ? InputFormat.JSON : InputFormat.YAML), is(empty()));
            assertThat(name, validate(SpecReader.read(text, Target.LOCAL).json(), InputFormat.JSON), is(empty()));
        }
    }

    @Test
    public void theSchemaRefusesAKeyThatIsUnknown() {
        assertThat(
                validate(Samples.text("smallest.yaml") + "colour: red\n", InputFormat.YAML)
                        .toString(),
                containsString("'colour'"));
    }

    @Test
    public void theSchemaRefusesASinkThatIsUnknown() {
        assertThat(
                validate(Samples.text("smallest.yaml").replace("console", "consul"), InputFormat.YAML),
                is(not(empty())));
    }

    private static Set<ValidationMessage> validate(String text, InputFormat format) {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(SpecSchema.json(Sinks.byName()))
                .validate(text, format);
    }

    private static void assertFresh(Path file, String made) throws IOException {
        if (Boolean.getBoolean("millrace.regenerate")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, made);
        }
        String checkedIn = Files.exists(file) ? Files.readString(file, UTF_8) : "";
        assertThat(file.getFileName() + " is stale; make it anew: " + REGENERATE, checkedIn, equalTo(made));
    }
}
