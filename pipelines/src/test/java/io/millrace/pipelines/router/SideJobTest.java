package io.millrace.pipelines.router;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecProblems;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.runnerprofiles.RunnerProfile;
import io.millrace.runnerprofiles.SavedSteps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a rehearsal of a job has of the job, and what it does not do. */
public class SideJobTest {
    private static final String READ = "ReadRecords/KafkaIO.Read.ReadFromKafkaViaUnbounded/Read(KafkaUnboundedSource)";
    private static final String KAFKA = "{kafka: {bootstrapServers: \"a:1\", topics: [plays]}}";
    private static final String EVCACHE = "{evcache: {zones: {one: [\"127.0.0.1:1\"]}}}";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void takesOverTheStateOfAllButWhatReadsKafkaForAGroup() throws Exception {
        String routes = """
                routes:
                  - {name: windowed, sink: {files: {path: out, window: PT1M}}}
                  - {name: numbered, sink: {files: {path: out}}}
                  - {name: bucket, sink: {s3: {path: "s3://lake/plays", window: PT1M}}}
                  - {name: topic, sink: {kafka: {bootstrapServers: "a:1", topic: t}}}
                  - {name: index, sink: {elasticsearch: {url: "http://a:1", index: plays}}}
                  - name: looked-up
                    enrich: [{into: a, key: event.id, changelog: {kafka: {bootstrapServers: "a:1", topic: c}}}]
                    sink: none
                """;
        for (String isolation : List.of("shared", "isolated")) {
            RouterSpec spec = spec("name: plays\nisolation: " + isolation + "\nsource: " + KAFKA + "\n" + routes);
            for (RouterJob job : jobs(spec)) {
                SideJob rehearsed = SideJob.rehearsing(job, "0123456789abcdef");

                assertThat(rehearsed.stepsLeftOut(job.steps()), contains("plays/source/" + READ));
            }
        }
    }

    @Test
    public void takesOverWhatZonesAreOwed() throws Exception {
        RouterJob job = jobs(spec("name: plays\nsource: " + KAFKA + "\nroutes: [{name: cached, key: event.id, sink: "
                        + EVCACHE + "}]"))
                .get(0);

        assertThat(job.steps().stateful(), hasItem(startsWith("plays/to-cached/Owed")));
        assertThat(
                SideJob.rehearsing(job, "0123456789abcdef").stepsLeftOut(job.steps()),
                contains("plays/source/" + READ));
    }

    @Test
    public void parksNothingAndAnswersNobody() throws Exception {
        RouterJob job = jobs(spec("""
                name: plays
                isolation: shared
                sources:
                  live: {kafka: {bootstrapServers: "a:1", topics: [plays]}}
                views:
                  all: {changes: [{from: live, key: event.id}], control: {kafka: {bootstrapServers: "a:1", topic: asked}}}
                parking: {kafka: {bootstrapServers: "a:1", topicPrefix: parked}}
                routes:
                  - {name: one, from: [live], sink: {kafka: {bootstrapServers: "a:1", topic: t}}}
                  - {name: told, from: [all], sink: {kafka: {bootstrapServers: "a:1", topic: u}}}
                """)).get(0);

        assertThat(
                SideJob.rehearsing(job, "0123456789abcdef").stepsLeftOut(job.steps()),
                contains("plays/source-live/" + READ, "plays/view-all/Control-asked/" + READ, "plays/write/Tick"));
    }

    @Test
    public void namesWhatHasNoPlaceInIt() throws Exception {
        RouterJob job = jobs(spec("name: plays\nsource: " + KAFKA + "\nroutes: [{name: one, sink: none}]"))
                .get(0);
        SavedSteps before = SavedSteps.parse("state of plays/to-one/Write\nplays/to-one/Prepare");

        assertThat(SideJob.rehearsing(job, "0123456789abcdef").stepsLeftOut(before), contains("plays/to-one/Write"));
    }

    @Test
    public void writesNothingAndSaysNothingOfItself() throws Exception {
        Path out = folder.getRoot().toPath().resolve("out");
        Path plays = Files.writeString(folder.newFile("plays.jsonl").toPath(), "{\"id\":\"a\",\"at\":1}\nno JSON\n");
        for (String isolation : List.of("shared", "isolated")) {
            for (RouterJob job : jobs(spec(everySinkHere(isolation, plays, out)))) {
                SideJob rehearsed = SideJob.rehearsing(job, "0123456789abcdef");
                PipelineOptions options = RunnerProfile.DIRECT.options(rehearsed.shape(), List.of());

                Pipeline pipeline = rehearsed.pipeline(options);
                pipeline.run().waitUntilFinish();

                assertThat(options.getJobName(), is(job.name() + "--rehearsal-01234567"));
                assertThat(options.as(JobOptions.class).getMillracePipeline(), is(nullValue()));
                assertThat(Files.exists(out), is(false));
            }
        }
    }

    private static String everySinkHere(String isolation, Path plays, Path out) throws IOException {
        return """
                name: plays
                isolation: %1$s
                source: {files: {path: "%2$s"}, eventTime: event.at}
                routes:
                  - {name: windowed, filter: event.id == "a", sink: {files: {path: "%3$s/windowed", window: PT1M}}}
                  - {name: numbered, sink: {files: {path: "%3$s/numbered"}}}
                  - {name: bucket, sink: {s3: {path: "s3://lake/plays"}}}
                  - {name: topic, sink: {kafka: {bootstrapServers: "127.0.0.1:1", topic: t}}}
                  - {name: index, sink: {elasticsearch: {url: "http://127.0.0.1:1", index: plays}}}
                  - {name: cached, key: event.id, sink: %4$s}
                s3: {region: us-east-1, endpoint: "http://127.0.0.1:1"}
                deadLetters: {files: {path: "%3$s/dead-letters"}}
                """.formatted(isolation, plays, out, EVCACHE);
    }

    /** The jobs of a spec. */
    private static List<RouterJob> jobs(RouterSpec spec) {
        return spec.isShared()
                ? List.of(RouterJob.anew(spec, spec.routes(), "lineage"))
                : spec.routes().stream()
                        .map(route -> RouterJob.anew(spec, List.of(route), "lineage"))
                        .toList();
    }

    private static RouterSpec spec(String text) throws SpecProblems {
        return SpecReader.read(text, Target.LOCAL);
    }
}
