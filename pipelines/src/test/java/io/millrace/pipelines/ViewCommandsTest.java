package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is said where a view is asked for what makes no sense, before anybody is asked. */
public class ViewCommandsTest {
    private static final String CHANGES = "changes: [{from: assets, key: event.movie}]";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String spec(String views, String... read) throws IOException {
        StringBuilder routes = new StringBuilder("routes:\n");
        for (String one : read) {
            routes.append("  - {name: of-" + one + ", from: [" + one + "], sink: none}\n");
        }
        Path file = Files.writeString(
                folder.newFile().toPath(),
                "name: assets\nsources: {assets: {kafka: {bootstrapServers: \"127.0.0.1:1\", topics: [assets]}}}\n"
                        + views + routes);
        return "--spec=" + file;
    }

    private String asked() throws IOException {
        return spec("views:\n" + view("locations", "asked"), "locations");
    }

    private static String view(String name, String topic) {
        return "  " + name + ": {" + CHANGES + ", control: {kafka: {bootstrapServers: \"127.0.0.1:1\", topic: " + topic
                + "}}}\n";
    }

    private static List<String> problems(String... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.err(), run.status(), is(Commands.WRONG));
        return run.errLines();
    }

    private static List<String> flushProblems(String spec, String... options) {
        return problems(Stream.concat(Stream.of("view", "flush", spec), Stream.of(options))
                .toArray(String[]::new));
    }

    @Test
    public void aSpecWithoutViewsIsRunByRouter() throws IOException {
        assertThat(
                problems("view", spec("", "assets")),
                contains("views: is required by view; router runs specs that have none"));
    }

    @Test
    public void aFlushSaysOfWhichKeys() throws IOException {
        String which = "--all, --prefix or --key: must be given, and one of them alone";

        assertThat(flushProblems(asked()), contains(which));
        assertThat(flushProblems(asked(), "--all", "--key=a"), contains(which));
        assertThat(flushProblems(asked(), "--prefix=a", "--key=a"), contains(which));
        assertThat(flushProblems(asked(), "--all", "--rate=0"), contains("--rate: must be more than 0, but was 0.0"));
        assertThat(flushProblems(asked(), "--rate=-1"), contains(which, "--rate: must be more than 0, but was -1.0"));
    }

    @Test
    public void aViewIsAskedByItsControl() throws IOException {
        String control = "views.locations.control: is required, so that the job can be asked, such as control: {kafka:"
                + " {bootstrapServers: \"localhost:9092\", topic: locations-control}}";
        String silent = spec("views: {locations: {" + CHANGES + "}}\n", "locations");

        assertThat(flushProblems(silent, "--all"), contains(control));
        assertThat(
                flushProblems(silent),
                contains(control, "--all, --prefix or --key: must be given, and one of them alone"));
        assertThat(problems("view", "publish", silent), contains(control));
    }

    @Test
    public void ofSeveralViewsOneIsNamed() throws IOException {
        String two = spec("views:\n" + view("locations", "a") + view("seen", "b"), "locations", "seen");

        assertThat(flushProblems(two, "--all"), contains("--view: is required, one of locations, seen"));
        assertThat(
                flushProblems(two, "--all", "--view=sen"),
                contains("--view: must be one of locations, seen, but was sen"));
        assertThat(problems("view", "publish", two), contains("--view: is required, one of locations, seen"));
        assertThat(problems("view", "publish", two, "--view=seen"), contains("views.seen.publish: is required"));
    }

    @Test
    public void aSpecWithoutViewsHasNobodyToAsk() throws IOException {
        String none = spec("", "assets");

        assertThat(flushProblems(none, "--all"), contains("views: is required, but the spec has none"));
        assertThat(problems("view", "publish", none), contains("views: is required, but the spec has none"));
        assertThat(problems("view", "flush", "--all"), contains("--spec: is required"));
    }
}
