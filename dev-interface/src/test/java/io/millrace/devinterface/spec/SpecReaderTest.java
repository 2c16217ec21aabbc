package io.millrace.devinterface.spec;

import static io.millrace.devinterface.spec.SpecReader.Target.LOCAL;
import static io.millrace.devinterface.spec.SpecReader.Target.REMOTE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.kafka.KafkaStart;
import io.millrace.io.kafka.KafkaStop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class SpecReaderTest {
    private static final String SMALL =
            """
            name: small
            source: {kafka: {bootstrapServers: "localhost:9092", topics: [plays]}}
            routes: [{name: all, sink: none}]
            """;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void readsEverythingThatASpecCanSay() throws Exception {
        RouterSpec spec = SpecReader.read(Samples.text("play-events.yaml"), REMOTE);

        assertThat(spec.name(), is("play-events"));
        assertThat(
                spec.source().kafka(),
                equalTo(KafkaSource.of("localhost:9092", "play_events")
                        .withGroupId("millrace-play-events")
                        .withStop(KafkaStop.parse("2026-02-01T00:00:00Z"))
                        .withProperties(Map.of("security.protocol", "PLAINTEXT", "max.poll.records", "500"))));
        assertThat(spec.source().eventTime().source(), is("event.ts"));
        assertThat(spec.source().eventTimes().idleAfter(), is(nullValue()));
        assertThat(spec.source().maxAhead(), is(Duration.ofHours(2)));
        RouteSpec route = spec.routes().get(0);
        assertThat(route.filter().source(), is("event.duration_s > 60 && event.country in [\"US\", \"CA\"]"));
        assertThat(
                List.copyOf(route.project().computed().entrySet()),
                contains(Map.entry("profile_id", "event.profile_id"), Map.entry("minutes", "event.duration_s / 60.0")));
        assertThat(route.onError(), is(OnError.DROP));
        assertThat(route.key().source(), is("event.profile_id"));
        assertThat(route.sink().name(), is("kafka"));
        assertThat(spec.routes().get(1).project().kept(), contains("profile_id", "geo.country"));
        assertThat(
                spec.routes().get(2).sink().config(),
                equalTo(new WindowedSinkProvider.Settings(
                        "s3://lake/play-events",
                        Duration.ofMinutes(5),
                        true,
                        1,
                        WindowedSinkProvider.Detail.FIRST_AND_LAST,
                        List.of("a", "b"),
                        Map.of("depth", "2"),
                        new WindowedSinkProvider.Login("me", 3),
                        Optional.of("n"))));
    }

    @Test
    public void fillsInWhatIsLeftOut() throws Exception {
        RouterSpec spec = read(SMALL);

        assertThat(spec.version(), is(1));
        assertThat(spec.isolation(), is(Isolation.ISOLATED));
        assertThat(spec.source().kafka().groupId(), is("millrace-small"));
        assertThat(spec.source().kafka().start(), is(KafkaStart.EARLIEST));
        assertThat(spec.source().maxOutOfOrderness(), is(Duration.ofSeconds(10)));
        assertThat(spec.source().idleAfter().duration(), is(Duration.ofSeconds(30)));
        assertThat(spec.routes().get(0).onError(), is(OnError.DEAD_LETTER));
        assertThat(spec.routes().get(0).filter(), is(nullValue()));
        assertThat(spec.deadLetters().localPath(), is(Optional.of("out/small/dead-letters")));
    }

    @Test
    public void reportsEveryProblemInTheOrderOfTheText() {
        assertThat(
                problems(
                        """
                        version: 2
                        name: Play events
                        isolation: shared
                        source:
                          kafka: {bootstrapServers: "localhost:9092", topics: [], start: noon, generation: -1.5}
                          maxAhead: 1h
                          eventTimes: event.ts
                        routes:
                          - name: a
                            filter: evnt.x
                          - name: a
                            project: {x: "event.", y: 5}
                            onError: dorp
                            sink: {kafka: {bootstrapServers: "b:1", topik: t}}
                          - filter: event.x ==
                            sink: {elastic: {}}
                          - 7
                        s3: {}
                        """,
                        REMOTE),
                org.hamcrest.Matchers.hasToString("x"));
    }

    private static RouterSpec read(String text) throws SpecProblems {
        return SpecReader.read(text, LOCAL);
    }

    private static List<String> problems(String text, Target target) {
        return assertThrows(SpecProblems.class, () -> SpecReader.read(text, target)).problems().stream()
                .map(SpecProblem::toString)
                .toList();
    }
}
