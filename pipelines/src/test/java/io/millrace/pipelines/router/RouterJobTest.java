package io.millrace.pipelines.router;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecProblems;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.runnerprofiles.JobShape;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class RouterJobTest {
    private static final String SOURCES = """
            name: plays
            sources:
              live: {kafka: {bootstrapServers: "a:1", topics: [plays]}}
              old: {kafka: {bootstrapServers: "b:1", topics: [plays], stop: end}}
            routes:
              - {name: one, from: [old], sink: none}
              - {name: two, sink: none}
            """;

    @Test
    public void anIsolatedJobReadsWhatItsRouteReads() throws Exception {
        RouterSpec spec = spec(SOURCES);
        RouterJob one = RouterJob.anew(spec, spec.routes().subList(0, 1), "lineage");
        RouterJob two = RouterJob.anew(spec, spec.routes().subList(1, 2), "lineage");

        assertThat(one.name(), is("plays--one"));
        assertThat(one.shape(), is(new JobShape("plays--one", true, true)));
        assertThat(List.copyOf(one.sources()), is(List.of(spec.sources().get("old"))));
        assertThat(one.topicReadTwice(), is(Optional.empty()));
        assertThat(two.shape(), is(new JobShape("plays--two", true, false)));
        assertThat(two.topicReadTwice(), is(Optional.of("plays")));
        assertThat(two.source(), is(not(one.source())));
    }

    @Test
    public void aSharedJobHasTheNameOfItsPipeline() throws Exception {
        RouterSpec spec = spec(SOURCES + "isolation: shared");
        RouterJob job = RouterJob.anew(spec, spec.routes(), "lineage");

        assertThat(job.name(), is("plays"));
        assertThat(job.shape(), is(new JobShape("plays", true, false)));
        assertThat(job.source(), is(spec.sourceVersion()));
    }

    @Test
    public void aJobOfFilesIsNoStream() throws Exception {
        RouterSpec spec = spec("name: plays\nsource: {files: {path: data}}\nroutes: [{name: one, sink: none}]");

        assertThat(RouterJob.anew(spec, spec.routes(), "lineage").shape(), is(new JobShape("plays--one", false, true)));
    }

    @Test
    public void aJobOfFilesThatReadsAChangelogIsAStream() throws Exception {
        RouterSpec spec = spec(
                "name: plays\nsource: {files: {path: data}, eventTime: event.at}\nroutes: [{name: one, sink: none, enrich: ["
                        + "{into: a, key: event.id, changelog: {kafka: {bootstrapServers: \"a:1\", topic: t}}}]}]");

        assertThat(RouterJob.anew(spec, spec.routes(), "lineage").shape(), is(new JobShape("plays--one", true, true)));
    }

    private static RouterSpec spec(String text) throws SpecProblems {
        return SpecReader.read(text, Target.LOCAL);
    }
}
