package io.millrace.testfixtures.showings;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.testfixtures.events.Json;
import io.millrace.testfixtures.events.JsonLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes impressions, plays and the truth of them to files of JSON Lines in a folder: {@code <folder> <plays> [seed]}.
 *
 * <p>They are out of order by up to ten seconds, and none is late. The truth is in {@code truth.jsonl}, and that of windows of ten minutes
 * in {@code rates.jsonl}.
 */
public final class WriteImpressionsAndPlays {

    /** The windows of the rates. */
    public static final Duration WINDOW = Duration.ofMinutes(10);

    private static final long SEED = 42;

    private WriteImpressionsAndPlays() {}

    /** Arguments: the folder, how many plays, and the seed, which is 42 unless it is named. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2) {
            throw new IllegalArgumentException(
                    "arguments must be <folder> <plays> [seed], but were " + arguments.length);
        }
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : SEED;
        write(written(Integer.parseInt(arguments[1]), seed), Path.of(arguments[0]));
    }

    /** What is written for so many plays and the seed 42. */
    public static ImpressionsAndPlays written(int plays) {
        return written(plays, SEED);
    }

    private static ImpressionsAndPlays written(int plays, long seed) {
        return ImpressionsAndPlays.seed(seed)
                .plays(plays)
                .titles(50)
                .beyond(0.05)
                .unled(0.05)
                .unplayed(0.6)
                .duplicated(0.02)
                .outOfOrder(Duration.ofSeconds(10));
    }

    private static void write(ImpressionsAndPlays streams, Path folder) throws IOException {
        Path impressions = Files.createDirectories(folder.resolve("impressions"));
        Path plays = Files.createDirectories(folder.resolve("plays"));
        JsonLines.write(impressions.resolve("impressions.jsonl"), values(streams.impressions()));
        JsonLines.write(plays.resolve("plays.jsonl"), values(streams.plays()));
        JsonLines.write(
                folder.resolve("truth.jsonl"),
                streams.truth().entrySet().stream()
                        .map(WriteImpressionsAndPlays::document)
                        .map(WriteImpressionsAndPlays::bytes));
        JsonLines.write(
                folder.resolve("rates.jsonl"),
                streams.rates(WINDOW).stream()
                        .map(WriteImpressionsAndPlays::document)
                        .map(WriteImpressionsAndPlays::bytes));
    }

    private static Stream<byte[]> values(List<TitleEvent> events) {
        return events.stream().map(TitleEvent::value);
    }

    private static Json document(Map.Entry<String, List<String>> led) {
        String impressions =
                led.getValue().stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(",", "[", "]"));
        return new Json().text("play", led.getKey()).raw("impressions", impressions);
    }

    private static Json document(TitleRate rate) {
        return new Json()
                .text("title_id", rate.titleId())
                .raw("window_start", Long.toString(rate.windowStart().toEpochMilli()))
                .raw("impressions", Integer.toString(rate.impressions()))
                .raw("converted", Integer.toString(rate.converted()));
    }

    private static byte[] bytes(Json document) {
        return document.close().getBytes(US_ASCII);
    }
}
