package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.showings.ImpressionsAndPlays;
import io.millrace.testfixtures.showings.TitleEvent;
import io.millrace.testfixtures.showings.Truth;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Streams of which it is known which impressions led to which plays are joined with short bounds, and then advice is asked for. */
public class JoinAdviseTest {
    private static final ImpressionsAndPlays STREAMS = ImpressionsAndPlays.seed(8)
            .plays(300)
            .profiles(40)
            .titles(20)
            .unled(0.1)
            .beyond(0.1)
            .unplayed(0.5)
            .duplicated(0.05);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void eachBoundGivesWhatTheTruthSays() throws IOException {
        Path spec = run(spec(STREAMS, "PT2M"));

        List<String> lines = advise(spec);

        List<List<String>> rows = lines.subList(4, 4 + 13).stream()
                .map(line -> List.of(line.split(" {2,}")).subList(0, 3))
                .toList();
        assertThat(
                rows,
                is(List.of(
                                "PT10S", "PT30S", "PT1M", "PT2M *", "PT5M", "PT15M", "PT30M", "PT1H", "PT2H", "PT4H",
                                "PT6H", "PT12H", "PT24H")
                        .stream()
                        .map(JoinAdviseTest::truth)
                        .toList()));
        assertThat(lines.get(0), is("join led: how far a left event may be before a right one, and what comes of it"));
        assertThat(lines.get(18), is("* what the spec has: right.looksBack: PT2M"));
    }

    private static List<String> truth(String bound) {
        Duration lookback = Duration.parse(bound.replace(" *", ""));
        Map<String, List<String>> led =
                Truth.of(STREAMS.impressions(), STREAMS.plays(), lookback).impressionsOfPlays();
        long plays = led.values().stream().filter(ids -> !ids.isEmpty()).count();
        long impressions =
                led.values().stream().flatMap(Collection::stream).distinct().count();
        long all = STREAMS.impressions().stream().map(TitleEvent::id).distinct().count();
        return List.of(bound, percent(plays, led.size()), percent(impressions, all));
    }

    private static String percent(long part, long of) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / of);
    }

    @Test
    public void saysNothingOfTooFew() throws IOException {
        Path spec = run(spec(ImpressionsAndPlays.seed(8).plays(19), "PT4H"));

        CommandLineRun run = CommandLineRun.of("join", "advise", "--spec=" + spec);

        assertThat(run.status(), is(Commands.FAILED));
        assertThat(
                run.errLines(),
                contains("join led: at least 20 right events must be told of, but in "
                        + folder.getRoot().toPath().resolve("traces")
                        + " there are 19, of 19 keys: let the job run longer, or with a higher traces.share"));
        assertThat(run.out(), is(""));
    }

    private static List<String> advise(Path spec) {
        CommandLineRun run = CommandLineRun.of("join", "advise", "--spec=" + spec);
        assertThat(run.err(), run.status(), is(Commands.DONE));
        return run.outLines();
    }

    private static Path run(Path spec) {
        CommandLineRun run = CommandLineRun.of("join", "--spec=" + spec);
        assertThat(run.err(), run.status(), is(Commands.DONE));
        return spec;
    }

    private Path spec(ImpressionsAndPlays streams, String looksBack) throws IOException {
        Path root = folder.getRoot().toPath();
        Files.write(root.resolve("impressions.jsonl"), lines(streams.impressions()));
        Files.write(root.resolve("plays.jsonl"), lines(streams.plays()));
        return Files.writeString(root.resolve("spec.yaml"), """
                name: shows
                isolation: shared
                sources:
                  impressions: {files: {path: "${folder}/impressions.jsonl", stream: impressions}, eventTime: event.ts}
                  plays: {files: {path: "${folder}/plays.jsonl", stream: plays}, eventTime: event.ts}
                joins:
                  led:
                    left: {from: impressions, key: event.profile_id + "/" + event.title_id, id: event.id}
                    right: {from: plays, key: event.profile_id + "/" + event.title_id, id: event.id, looksBack: ${looksBack}}
                    traces: {share: 1}
                routes:
                  - {name: all, from: [led], sink: none}
                  - {name: traces, from: [led-traces], sink: {files: {path: "${folder}/traces"}}}
                deadLetters: {files: {path: "${folder}/dead"}}
                """.replace("${folder}", root.toString())
                .replace("${looksBack}", looksBack));
    }

    private static byte[] lines(List<TitleEvent> events) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        events.forEach(event -> {
            lines.writeBytes(event.value());
            lines.write('\n');
        });
        return lines.toByteArray();
    }
}
