package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;

import io.millrace.testfixtures.flink.FlinkRule;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A sink in a jar of a user's own, which no class path has: in this process, and on a cluster. */
public class UserJarsIT {
    private static final String SINK = """
            package com.example;

            import io.millrace.io.config.Setting;
            import io.millrace.io.sink.SinkContext;
            import io.millrace.io.sink.SinkProvider;
            import io.millrace.transforms.event.DeadLetter;
            import io.millrace.transforms.event.Event;
            import java.io.IOException;
            import java.io.Serializable;
            import java.nio.file.Files;
            import java.nio.file.Path;
            import java.util.UUID;
            import org.apache.beam.sdk.transforms.DoFn;
            import org.apache.beam.sdk.transforms.PTransform;
            import org.apache.beam.sdk.transforms.ParDo;
            import org.apache.beam.sdk.values.PCollection;

            public final class NotesSink implements SinkProvider<NotesSink.Notes> {
                public record Notes(@Setting(value = "A folder.", example = "/tmp/notes") String folder)
                        implements Serializable {}

                @Override
                public String name() {
                    return "notes";
                }

                @Override
                public String description() {
                    return "A file for each event.";
                }

                @Override
                public Class<Notes> configType() {
                    return Notes.class;
                }

                @Override
                public PTransform<PCollection<Event>, PCollection<DeadLetter>> write(Notes notes, SinkContext context) {
                    return new Write(notes, context);
                }

                static final class Write extends PTransform<PCollection<Event>, PCollection<DeadLetter>> {
                    private final Notes notes;
                    private final SinkContext context;

                    Write(Notes notes, SinkContext context) {
                        this.notes = notes;
                        this.context = context;
                    }

                    @Override
                    public PCollection<DeadLetter> expand(PCollection<Event> events) {
                        return events.apply("Note", ParDo.of(new NoteFn(notes, context)));
                    }
                }

                static final class NoteFn extends DoFn<Event, DeadLetter> {
                    private final Notes notes;
                    private final SinkContext context;

                    NoteFn(Notes notes, SinkContext context) {
                        this.notes = notes;
                        this.context = context;
                    }

                    @ProcessElement
                    public void process(@Element Event event) throws IOException {
                        Path folder = Files.createDirectories(Path.of(notes.folder()));
                        Files.write(folder.resolve(UUID.randomUUID() + ".txt"), event.value());
                        context.metrics().countDelivered(1);
                    }
                }
            }
            """;

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final ClassLoader loaderBefore = Thread.currentThread().getContextClassLoader();
    private Path jar = Path.of("");
    private Path spec = Path.of("");

    @Before
    public void packSink() throws IOException {
        jar = jar();
        Files.writeString(folder.newFile("events.jsonl").toPath(), "{\"n\":1}\n{\"n\":2}\n");
        spec = Files.writeString(folder.newFile("spec.yaml").toPath(), """
                name: %s
                source: {files: {path: %s/events.jsonl}}
                routes: [{name: all, sink: {notes: {folder: "%s/notes"}}}]
                deadLetters: {files: {path: %s/dead-letters}}
                """.formatted(
                        flink.name("notes"), folder.getRoot(), folder.getRoot(), folder.getRoot()));
    }

    /** A command is usually the only one of its process, and leaves its jars to the thread. */
    @After
    public void unload() {
        Thread.currentThread().setContextClassLoader(loaderBefore);
    }

    @Test
    public void isUnknownWithoutItsJar() {
        CommandLineRun run = CommandLineRun.of("validate", "--spec=" + spec);

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(run.err(), containsString("routes[0].sink: unknown sink 'notes'"));
    }

    @Test
    public void refusesWhatIsNoJar() {
        CommandLineRun run = CommandLineRun.of("validate", "--spec=" + spec, "--jars=" + jar + "," + spec);

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(run.errLines(), hasItem("--jars: must be jars that can be read, but was " + spec));
    }

    @Test
    public void runsInThisProcessOnTheDirectRunner() throws IOException {
        assertRunsInThisProcess("direct");
    }

    @Test
    public void runsInThisProcessOnFlink() throws IOException {
        assertRunsInThisProcess("flink-local");
    }

    private void assertRunsInThisProcess(String runner) throws IOException {
        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec, "--jars=" + jar, "--runner=" + runner);

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(run.outLines(), hasItem(matchesPattern("all +2 +2 +0 +0 +done")));
        assertThat(notes(), containsInAnyOrder("{\"n\":1}", "{\"n\":2}"));
    }

    @Test
    public void travelsToAClusterWithTheJob() {
        CommandLineRun run = CommandLineRun.of(
                "router",
                "--spec=" + spec,
                "--jars=" + jar,
                "--runner=flink",
                "--flinkMaster=" + flink.cluster().master());

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(run.outLines(), hasItem(startsWith("job ")));
        eventually("notes", this::notes, containsInAnyOrder("{\"n\":1}", "{\"n\":2}"));
    }

    private List<String> notes() throws IOException {
        Path notes = folder.getRoot().toPath().resolve("notes");
        if (!Files.exists(notes)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(notes)) {
            return files.map(UserJarsIT::content).toList();
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path jar() throws IOException {
        Path classes = folder.newFolder("classes").toPath();
        Path file = folder.getRoot().toPath().resolve("notes.jar");
        compile(classes);
        try (FileSystem content =
                FileSystems.newFileSystem(URI.create("jar:" + file.toUri()), Map.of("create", "true"))) {
            copy(classes, content.getPath("/"));
            Path services = Files.createDirectories(content.getPath("META-INF", "services"));
            Files.writeString(services.resolve("io.millrace.io.sink.SinkProvider"), "com.example.NotesSink\n");
        }
        return file;
    }

    private static void compile(Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        boolean compiled = compiler.getTask(
                        problems,
                        null,
                        null,
                        List.of("-d", classes.toString(), "-cp", MillraceProcess.classPath()),
                        null,
                        List.of(new Source()))
                .call();
        assertThat(problems.toString(), compiled, is(true));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        Source() {
            super(URI.create("string:///com/example/NotesSink.java"), Kind.SOURCE);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return SINK;
        }
    }
}
