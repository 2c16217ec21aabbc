package io.millrace.devinterface.spec;

import static io.millrace.devinterface.spec.SpecReader.Target.LOCAL;
import static io.millrace.devinterface.spec.SpecReader.Target.REMOTE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;

public class ArchiveRulesTest {
    private static final String ARCHIVED = """
            name: plays
            source: {kafka: {bootstrapServers: "a:1", topics: [plays], archive: "s3://lake/plays"}}
            """;

    @Test
    public void anArchiveHasASourceWithItsFolder() throws Exception {
        RouterSpec spec = SpecReader.read(
                ARCHIVED + "routes: [{name: all, archive: true, sink: {files: {path: \"s3://lake/plays\"}}}]", LOCAL);

        assertThat(spec.routes().get(0).isArchive(), is(true));
        assertThat(spec.source().kafka().archive(), is("s3://lake/plays"));
        assertThat(SpecReader.read(spec.json(), LOCAL), is(spec));
    }

    @Test
    public void anArchiveHasEveryRecordAsItWas() {
        assertThat(
                problems(ARCHIVED + """
                        routes:
                          - name: all
                            archive: true
                            filter: event.n > 1
                            project: [n]
                            key: event.n
                            sink: {files: {path: "s3://lake/plays"}}
                        """),
                contains(
                        "routes[0].filter: must not be given where the route is an archive, which has every record as it was",
                        "routes[0].project: must not be given where the route is an archive, which has every record as it was",
                        "routes[0].key: must not be given where the route is an archive, which has every record as it was"));
    }

    @Test
    public void anArchiveIsOfOneSourceOfKafkaThatReadsIt() {
        String sources = """
                name: plays
                isolation: shared
                sources:
                  one: {kafka: {bootstrapServers: "a:1", topics: [one], archive: "s3://lake/one"}}
                  two: {kafka: {bootstrapServers: "a:1", topics: [two]}}
                  three: {files: {path: data}}
                """;
        assertThat(
                problems(sources + """
                        routes:
                          - {name: all, archive: true, sink: {files: {path: "s3://lake/one"}}}
                          - {name: other, from: [two], archive: true, sink: {files: {path: "s3://lake/two"}}}
                          - {name: files, from: [three], archive: true, sink: {files: {path: "s3://lake/three"}}}
                        """),
                contains(
                        "routes[0].from: must be one source where the route is an archive, but were 3",
                        "routes[1].archive: needs sources.two.kafka.archive, which must be the folder of the sink",
                        "routes[2].archive: must be of a source of Kafka, but sources.three has files"));
    }

    @Test
    public void anArchiveIsAFolderWithoutWindows() {
        assertThat(
                problems(ARCHIVED + """
                        routes:
                          - {name: nowhere, archive: true, sink: none}
                          - {name: windows, archive: true, sink: {files: {path: "s3://lake/plays", window: PT1M}}}
                          - {name: elsewhere, archive: true, sink: {files: {path: "s3://lake/clicks"}}}
                        """),
                contains(
                        "routes[0].sink: must be files or s3, without a window, where the route is an archive",
                        "routes[1].sink: must be files or s3, without a window, where the route is an archive",
                        "routes[2].sink: must write to source.kafka.archive, 's3://lake/plays', where the route is an archive,"
                                + " but was 's3://lake/clicks'"));
    }

    @Test
    public void anArchiveOfJoinsIsNone() {
        assertThat(
                problems("""
                        name: plays
                        isolation: shared
                        sources:
                          one: {kafka: {bootstrapServers: "a:1", topics: [one], archive: "s3://lake/one"}}
                          two: {kafka: {bootstrapServers: "a:1", topics: [two]}}
                        joins:
                          both: {left: {from: one, key: event.k}, right: {from: two, key: event.k, looksBack: PT1H}}
                        routes: [{name: all, from: [both], archive: true, sink: {files: {path: "s3://lake/one"}}}]
                        """),
                contains(
                        "routes[0].from: must be a source of Kafka where the route is an archive, and no join or view"));
    }

    @Test
    public void anArchiveForAClusterIsNoPathOfThisMachine() {
        List<String> problems = assertThrows(
                        SpecProblems.class,
                        () -> SpecReader.read(
                                ARCHIVED.replace("s3://lake", "/data") + "routes: [{name: all, sink: none}]", REMOTE))
                .problems()
                .stream()
                .map(SpecProblem::toString)
                .toList();

        assertThat(
                problems,
                hasItem(
                        "source.kafka.archive: must not be a path of this machine, which a cluster's workers do not share,"
                                + " but was '/data/plays'"));
    }

    private static List<String> problems(String text) {
        return assertThrows(SpecProblems.class, () -> SpecReader.read(text, LOCAL)).problems().stream()
                .map(SpecProblem::toString)
                .toList();
    }
}
