package io.millrace.testfixtures.showings;

import static io.millrace.testfixtures.Times.NOON;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.Assert.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testfixtures.join.JoinCase;
import io.millrace.testfixtures.join.JoinCase.Arrival;
import io.millrace.testfixtures.join.JoinCase.Credit;
import io.millrace.testfixtures.join.JoinCase.Step;
import io.millrace.testfixtures.join.JoinOracle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.Test;

public class TruthTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LOOKBACK = Duration.ofHours(4);
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    @Test
    public void bothEndsOfTheLookbackBelongToIt() {
        List<TitleEvent> impressions = List.of(
                event("i-0", "ann/dune", NOON.minus(LOOKBACK).minusMillis(1)),
                event("i-1", "ann/dune", NOON.minus(LOOKBACK)),
                event("i-2", "ann/dune", NOON),
                event("i-3", "ann/dune", NOON.plusMillis(1)));
        Truth truth = Truth.of(impressions, List.of(event("p-0", "ann/dune", NOON)), LOOKBACK);
        assertThat(truth.impressionsOfPlays(), equalTo(Map.of("p-0", List.of("i-1", "i-2"))));
    }

    @Test
    public void anImpressionLedToPlaysOfItsProfileAndTitleAlone() {
        List<TitleEvent> impressions = List.of(
                event("i-0", "ann/dune", NOON.minusSeconds(3)),
                event("i-1", "ann/alien", NOON.minusSeconds(2)),
                event("i-2", "bob/dune", NOON.minusSeconds(1)));
        List<TitleEvent> plays = List.of(
                event("p-0", "ann/dune", NOON), event("p-1", "ann/dune", NOON), event("p-2", "bob/alien", NOON));
        assertThat(
                Truth.of(impressions, plays, LOOKBACK).impressionsOfPlays(),
                equalTo(Map.of("p-0", List.of("i-0"), "p-1", List.of("i-0"), "p-2", List.of())));
    }

    @Test
    public void ofSeveralPlaysTheFirstIsThatWithTheEarliestTimeAndThenId() {
        List<TitleEvent> impressions =
                List.of(event("i-0", "ann/dune", NOON.minusSeconds(3)), event("i-1", "ann/dune", NOON.plusSeconds(3)));
        List<TitleEvent> plays = List.of(
                event("p-9", "ann/dune", NOON),
                event("p-10", "ann/dune", NOON),
                event("p-0", "ann/dune", NOON.plusSeconds(5)),
                event("p-1", "bob/dune", NOON));
        assertThat(
                Truth.of(impressions, plays, LOOKBACK).impressionsOfFirstPlays(),
                equalTo(Map.of("p-10", List.of("i-0"), "p-9", List.of(), "p-0", List.of("i-1"), "p-1", List.of())));
    }

    @Test
    public void impressionsAreInTheOrderOfTheirTimesAndThenOfTheirIds() {
        List<TitleEvent> impressions = List.of(
                event("i-9", "ann/dune", NOON.minusSeconds(5)),
                event("i-10", "ann/dune", NOON.minusSeconds(5)),
                event("i-2", "ann/dune", NOON.minusSeconds(9)));
        List<TitleEvent> plays = List.of(event("p-9", "ann/dune", NOON), event("p-10", "bob/dune", NOON));
        Truth truth = Truth.of(impressions, plays, LOOKBACK);
        assertThat(truth.impressionsOfPlays().get("p-9"), contains("i-2", "i-10", "i-9"));
        assertThat(truth.impressionsOfPlays().keySet(), contains("p-10", "p-9"));
    }

    @Test
    public void repeatsAreOneAndLateOnesAreThere() {
        TitleEvent late = event("i-0", "ann/dune", NOON.minusSeconds(5)).arriving(NOON.plusSeconds(7_200), true, false);
        TitleEvent play = event("p-0", "ann/dune", NOON);
        Truth truth = Truth.of(
                List.of(late, late.arriving(NOON.plusSeconds(7_300), true, true)),
                List.of(play, play.arriving(NOON.plusSeconds(1), false, true)),
                LOOKBACK);
        assertThat(truth.impressionsOfPlays(), equalTo(Map.of("p-0", List.of("i-0"))));
        assertThat(truth.rates(TEN_MINUTES), contains(new TitleRate("dune", NOON.minus(TEN_MINUTES), 1, 1)));
    }

    @Test
    public void ratesCountAnImpressionOnceInTheWindowOfItsTime() {
        List<TitleEvent> impressions = List.of(
                event("i-0", "ann/dune", NOON),
                event("i-1", "bob/dune", NOON.plusSeconds(599)),
                event("i-2", "ann/dune", NOON.plusSeconds(600)),
                event("i-3", "ann/alien", NOON.plusSeconds(1)),
                event("i-4", "ann/dune", NOON.minusMillis(1)));
        List<TitleEvent> plays = List.of(
                event("p-0", "ann/dune", NOON.plusSeconds(60)),
                event("p-1", "ann/dune", NOON.plusSeconds(90)),
                event("p-2", "ann/alien", NOON));
        assertThat(
                Truth.of(impressions, plays, LOOKBACK).rates(TEN_MINUTES),
                contains(
                        new TitleRate("alien", NOON, 1, 0),
                        new TitleRate("dune", NOON.minus(TEN_MINUTES), 1, 1),
                        new TitleRate("dune", NOON, 2, 1),
                        new TitleRate("dune", NOON.plus(TEN_MINUTES), 1, 0)));
    }

    @Test
    public void windowsBeginAtMultiplesOfTheirLengthBefore1970Too() {
        TitleEvent impression = event("i-0", "ann/dune", Instant.ofEpochMilli(-1));
        assertThat(
                Truth.of(List.of(impression), List.of(), LOOKBACK).rates(TEN_MINUTES),
                contains(new TitleRate("dune", Instant.EPOCH.minus(TEN_MINUTES), 1, 0)));
    }

    @Test
    public void refusesWindowsWithoutALength() {
        Truth truth = Truth.of(List.of(event("i-0", "ann/dune", NOON)), List.of(), LOOKBACK);
        assertThat(
                assertThrows(IllegalArgumentException.class, () -> truth.rates(Duration.ZERO))
                        .getMessage(),
                equalTo("window must be at least PT0.001S, but was PT0S"));
    }

    @Test
    public void theJoinOracleSaysTheSameOfTheDocuments() {
        for (long seed = 0; seed < 20; seed++) {
            ImpressionsAndPlays streams = small(seed);
            List<String> joined = JoinOracle.results(joinOf(streams));
            assertThat(joined, equalTo(asJoined(streams)));
            assertThat(joined.stream().filter(line -> line.startsWith("joined")).count(), greaterThan(10L));
        }
    }

    @Test
    public void whatTheJoinOracleLeavesOverIsNotConverted() {
        for (long seed = 0; seed < 20; seed++) {
            ImpressionsAndPlays streams = small(seed);
            assertThat(streams.rates(TEN_MINUTES), equalTo(ratesByTheJoinOracle(streams)));
        }
    }

    /** A few keys of which each has many plays, some just within the lookback and some just beyond. */
    private static ImpressionsAndPlays small(long seed) {
        return ImpressionsAndPlays.seed(seed)
                .plays(40)
                .profiles(5)
                .titles(6)
                .lasting(Duration.ofHours(3))
                .lookback(Duration.ofHours(1))
                .delays(Duration.ZERO, Duration.ofMinutes(90))
                .beyond(0.1)
                .unled(0.1)
                .unplayed(0.2)
                .duplicated(0.2)
                .late(0.2, Duration.ofHours(1));
    }

    private static JoinCase joinOf(ImpressionsAndPlays streams) {
        List<Step> steps = new ArrayList<>();
        streams.impressions().forEach(impression -> steps.add(arrival(true, impression)));
        streams.plays().forEach(play -> steps.add(arrival(false, play)));
        return new JoinCase(Duration.ofHours(1).toMillis(), 0, 0, 0, 0, Credit.ALL, false, steps);
    }

    private static Arrival arrival(boolean isLeft, TitleEvent event) {
        JsonNode document = document(event);
        return new Arrival(
                isLeft,
                document.get("profile_id").textValue() + "/"
                        + document.get("title_id").textValue(),
                document.get("ts").longValue(),
                document.get("id").textValue());
    }

    private static List<String> asJoined(ImpressionsAndPlays streams) {
        Map<String, String> keyAndTime = new HashMap<>();
        streams.plays()
                .forEach(play -> keyAndTime.put(
                        play.id(),
                        play.key() + " " + play.id() + "@" + play.eventTime().toEpochMilli()));
        List<String> lines = new ArrayList<>(unled(streams));
        streams.truth()
                .forEach((play, led) -> lines.add(
                        led.isEmpty()
                                ? "right " + keyAndTime.get(play)
                                : "joined " + keyAndTime.get(play) + " [" + String.join("+", led) + "]"));
        return lines.stream().sorted().toList();
    }

    private static List<String> unled(ImpressionsAndPlays streams) {
        List<String> led =
                streams.truth().values().stream().flatMap(List::stream).toList();
        return streams.impressions().stream()
                .filter(impression -> !led.contains(impression.id()))
                .map(TruthTest::leftOver)
                .distinct()
                .toList();
    }

    private static List<TitleRate> ratesByTheJoinOracle(ImpressionsAndPlays streams) {
        List<String> results = JoinOracle.results(joinOf(streams));
        Map<String, TitleRate> rates = new TreeMap<>();
        streams.impressions().stream()
                .filter(impression -> !impression.repeat())
                .forEach(impression -> {
                    long minutes = impression.eventTime().getEpochSecond() / 60;
                    Instant window = Instant.ofEpochSecond((minutes - minutes % 10) * 60);
                    int converted = results.contains(leftOver(impression)) ? 0 : 1;
                    rates.merge(
                            impression.titleId() + window,
                            new TitleRate(impression.titleId(), window, 1, converted),
                            TruthTest::sum);
                });
        return List.copyOf(rates.values());
    }

    private static String leftOver(TitleEvent impression) {
        return "left " + impression.key() + " " + impression.id();
    }

    private static TitleRate sum(TitleRate one, TitleRate other) {
        return new TitleRate(
                one.titleId(),
                one.windowStart(),
                one.impressions() + other.impressions(),
                one.converted() + other.converted());
    }

    private static JsonNode document(TitleEvent event) {
        try {
            return JSON.readTree(event.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TitleEvent event(String id, String key, Instant time) {
        String[] names = key.split("/");
        return new TitleEvent(id, time, time, names[0], names[1], false, false, new byte[0]);
    }
}
