package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ExplainTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void explainsIsolatedRoutes() throws IOException {
        assertThat(explained("""
                        name: plays
                        source: {kafka: {bootstrapServers: "b:1", topics: [plays, trailers]}}
                        routes:
                          - {name: us, filter: 'event.country == "US"', sink: {kafka: {bootstrapServers: "b:1", topic: us}}}
                          - {name: ca, filter: 'event.country == "CA"', sink: {kafka: {bootstrapServers: "b:1", topic: ca}}}
                          - {name: mx, filter: 'event.country == "MX" && size(event.tags) > 1', sink: none}
                          - {name: tagged, filter: size(event.tags) > 1, sink: none}
                          - {name: br, filter: 'event.country == "BR"', sink: {elasticsearch: {url: "http://e:9200", index: br}}}
                          - {name: rest, sink: {files: {path: out/rest}}}
                        """), is("""
                        pipeline plays: 6 routes in 6 jobs, plays--<route>

                        sources
                          source: kafka b:1, topics plays, trailers, read 6 times; a shared job would read it once

                        routes
                          us: event.country == "US", to kafka b:1
                          ca: event.country == "CA", to kafka b:1
                          mx: event.country == "MX" && size(event.tags) > 1, to none
                          tagged: size(event.tags) > 1, to none
                          br: event.country == "BR", to elasticsearch http://e:9200
                          rest: every event, to files out/rest

                        filters
                          source: event.country is looked up, for us, ca, mx, br
                          source: tried for every event: tagged, rest
                          source: calls that stand in several places and are evaluated once: 1

                        sinks
                          elasticsearch http://e:9200: br
                          files out/plays/dead-letters: dead letters
                          files out/rest: rest
                          kafka b:1: us, ca
                          none: mx, tagged

                        advice
                          source: isolation: shared would save 5 of 6 reads
                          rest: better left isolated where the sink files may be away for long, since a shared job keeps its events in its own state meanwhile, and all its routes wait when 128 MB of a shard are kept
                        """));
    }

    @Test
    public void explainsViews() throws IOException {
        String spec = """
                        name: assets
                        isolation: isolated
                        sources:
                          assets: {kafka: {bootstrapServers: "b:1", topics: [assets]}}
                          scans: {kafka: {bootstrapServers: "b:1", topics: [scans]}}
                        views:
                          locations:
                            changes:
                              - {from: assets, key: event.movie, filter: event.ok}
                              - {from: scans, key: event.movie}
                              - {from: assets, key: event.other}
                            publish: {files: {path: /data/all}, key: event.movie}
                            every: PT5S
                          seen: {changes: [{from: scans, key: event.movie}]}
                        routes:
                          - {name: cache, from: [locations], sink: {kafka: {bootstrapServers: "b:1", topic: cache}}}
                          - {name: copy, from: [locations], sink: {kafka: {bootstrapServers: "b:1", topic: copy}}}
                          - {name: last-seen, from: [seen], sink: none}
                        """;

        assertThat(section("views", explained(spec)), is("""
                        views
                          locations: of assets, scans and full publishes, every PT5S, made 2 times; a shared job would make it once
                          seen: of scans, every PT1S, made once; a shared job would make it once
                        """));
        assertThat(section("routes", explained(spec)), is("""
                        routes
                          cache: every event, to kafka b:1, from locations
                          copy: every event, to kafka b:1, from locations
                          last-seen: every event, to none, from seen
                        """));
        assertThat(section("views", explained(spec.replace("isolation: isolated", "isolation: shared"))), is("""
                        views
                          locations: of assets, scans and full publishes, every PT5S, made once; isolated jobs would make it 2 times
                          seen: of scans, every PT1S, made once; isolated jobs would make it once
                        """));
    }

    private static String section(String name, String explained) {
        String from = explained.substring(explained.indexOf("\n" + name + "\n") + 1);
        return from.substring(0, from.indexOf("\n\n") + 1);
    }

    @Test
    public void explainsJoins() throws IOException {
        assertThat(explained("""
                        name: plays
                        sources:
                          plays: {kafka: {bootstrapServers: "b:1", topics: [plays]}}
                          views: {kafka: {bootstrapServers: "b:1", topics: [views]}}
                        joins:
                          led:
                            left: {from: views, key: event.title}
                            right: {from: plays, key: event.title, looksBack: PT4H}
                        routes:
                          - {name: led, from: [led], filter: event.left.count > 1, sink: {kafka: {bootstrapServers: "b:1", topic: led}}}
                          - {name: all, from: [plays], sink: {kafka: {bootstrapServers: "b:1", topic: all}}}
                        deadLetters: none
                        """), is("""
                        pipeline plays: 2 routes in 2 jobs, plays--<route>

                        sources
                          plays: kafka b:1, topics plays, read 2 times; a shared job would read it once
                          views: kafka b:1, topics views, read once; a shared job would read it once

                        joins
                          led: views up to PT4H before plays, made once; a shared job would make it once

                        routes
                          led: event.left.count > 1, to kafka b:1, from led
                          all: every event, to kafka b:1, from plays

                        filters
                          plays: tried for every event: all
                          led: tried for every event: led

                        sinks
                          kafka b:1: led, all
                          none: dead letters

                        advice
                          plays: isolation: shared would save 1 of 2 reads
                        """));
    }

    @Test
    public void explainsRoutesThatShareAJob() throws IOException {
        assertThat(explained("""
                        name: plays
                        isolation: shared
                        match: first
                        sources:
                          live: {kafka: {bootstrapServers: "b:1", topics: [plays]}}
                          old: {files: {path: data}}
                        routes:
                          - name: long
                            from: [live]
                            filter: |
                              event.minutes > 60
                                && event.country == "US"
                            sink: {kafka: {bootstrapServers: "b:1", topic: us}}
                          - {name: hours, from: [live], filter: event.minutes > 5, sink: {s3: {path: "s3://lake/hours", window: PT1H}}}
                          - {name: rest, inFlight: {records: 5, bytes: 9}, onSlow: fail, sink: {kafka: {bootstrapServers: "c:1", topic: all}}}
                        s3: {region: us-east-1}
                        parking: {kafka: {bootstrapServers: "b:1", topicPrefix: parked}}
                        deadLetters: none
                        """), is("""
                        pipeline plays: 3 routes in 1 job, plays; an event goes to the first that takes it

                        sources
                          live: kafka b:1, topics plays, read once; isolated jobs would read it 3 times
                          old: files data, read once; isolated jobs would read it once

                        routes
                          long: event.minutes > 60 && event.country == "US", to kafka b:1, from live, 10000 events or 16777216 bytes in flight, when slow park
                          hours: event.minutes > 5, to s3 s3://lake/hours, from live
                          rest: every event, to kafka c:1, from live, old, 5 events or 9 bytes in flight, when slow fail

                        filters
                          live: tried for every event: long, hours, rest
                          old: tried for every event: rest

                        sinks
                          kafka b:1: long
                          kafka c:1: rest
                          none: dead letters
                          s3 s3://lake/hours: hours

                        advice
                          hours: better isolated where the sink s3 may be away for long, since a shared job keeps its events in its own state meanwhile
                          rest: better isolated, or with onSlow: park, since with onSlow: fail its sink stops all routes while it is slow
                        """));
    }

    @Test
    public void hasNoAdviceWhereNothingIsToBeDone() throws IOException {
        String explained = explained("""
                        name: plays
                        source: {kafka: {bootstrapServers: "b:1", topics: [plays]}}
                        routes: [{name: all, sink: none}]
                        """);

        assertThat(explained.lines().findFirst().orElseThrow(), is("pipeline plays: 1 route in 1 job, plays--<route>"));
        assertThat(
                explained.substring(explained.indexOf("advice")),
                is(String.format("advice%n  none: every route is where it should be%n")));
    }

    private String explained(String spec) throws IOException {
        CommandLineRun run = CommandLineRun.of(
                "router",
                "explain",
                "--spec=" + Files.writeString(folder.newFile().toPath(), spec));
        assertThat(run.err(), run.status(), is(Commands.DONE));
        return run.out();
    }
}
