package io.millrace.testfixtures.showings;

import static io.millrace.testfixtures.Times.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.TemporaryFolder;

public class ImpressionsAndPlaysTest {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Duration LOOKBACK = Duration.ofHours(4);
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void theSameSeedMakesTheSameBytes() throws Exception {
        assertThat(hash(everything(42)), equalTo("87993f7dfe0b0ce3"));
    }

    @Test
    public void anotherSeedMakesOthers() throws Exception {
        assertThat(hash(everything(1)), not(equalTo(hash(everything(2)))));
    }

    @Test
    public void howEventsArriveChangesNothingOfTheTruth() {
        ImpressionsAndPlays calm = ImpressionsAndPlays.seed(7).beyond(0.1).unplayed(0.5);
        ImpressionsAndPlays wild = calm.outOfOrder(Duration.ofMinutes(5))
                .late(0.3, Duration.ofHours(1))
                .duplicated(0.3)
                .lag(Duration.ofHours(2));
        assertThat(ids(wild.impressions()), not(equalTo(ids(calm.impressions()))));
        assertThat(wild.truth(), equalTo(calm.truth()));
        assertThat(wild.rates(TEN_SECONDS), equalTo(calm.rates(TEN_SECONDS)));
        assertThat(Truth.of(wild.impressions(), wild.plays(), LOOKBACK).impressionsOfPlays(), equalTo(calm.truth()));
    }

    @Test
    public void documentsHaveWhatTheEventsSay() {
        ImpressionsAndPlays streams = ImpressionsAndPlays.seed(3).plays(200).unplayed(0.5);
        for (TitleEvent impression : streams.impressions()) {
            assertThat(
                    fields(impression),
                    equalTo(List.of("id", "ts", "profile_id", "title_id", "row", "position", "artwork", "country")));
            saysWhatItIs(impression);
        }
        for (TitleEvent play : streams.plays()) {
            assertThat(
                    fields(play),
                    equalTo(List.of("id", "ts", "profile_id", "title_id", "device", "country", "duration_s")));
            saysWhatItIs(play);
        }
    }

    @Test
    public void idsAreUniqueButForRepeatsOfTheSameContent() {
        ImpressionsAndPlays streams = ImpressionsAndPlays.seed(5).plays(5_000).duplicated(0.1);
        for (List<TitleEvent> stream : List.of(streams.impressions(), streams.plays())) {
            Map<String, TitleEvent> firsts = new HashMap<>();
            for (TitleEvent event : stream) {
                TitleEvent first = firsts.putIfAbsent(event.id(), event);
                assertThat(event.repeat(), is(first != null));
                assertThat(event.value(), equalTo(firsts.get(event.id()).value()));
            }
            assertThat((double) (stream.size() - firsts.size()) / firsts.size(), closeTo(0.1, 0.02));
        }
        assertThat(streams.truth().keySet(), equalTo(new HashSet<>(ids(streams.plays()))));
        assertThat(streams.truth().size(), equalTo(5_000));
    }

    @Test
    public void playsAreAsManyAsSaidAndWithinTheirSpan() {
        List<TitleEvent> plays = ImpressionsAndPlays.seed(5)
                .plays(2_000)
                .startingAt(NOON)
                .lasting(Duration.ofMinutes(30))
                .plays();
        assertThat(plays.size(), equalTo(2_000));
        List<Instant> times = plays.stream().map(TitleEvent::eventTime).sorted().toList();
        assertThat(times.get(0), greaterThanOrEqualTo(NOON));
        assertThat(times.get(0), lessThan(NOON.plusSeconds(10)));
        assertThat(times.get(1_999), lessThan(NOON.plusSeconds(1_800)));
        assertThat(times.get(1_999), greaterThan(NOON.plusSeconds(1_790)));
    }

    @Test
    public void aPlayHasOneImpressionToAsManyAsSaid() {
        ImpressionsAndPlays streams = oneImpressionEach().impressionsPerPlay(4);
        Map<Integer, Long> sizes =
                streams.truth().values().stream().collect(Collectors.groupingBy(List::size, Collectors.counting()));
        assertThat(sizes.keySet(), equalTo(Set.of(1, 2, 3, 4)));
        sizes.values().forEach(count -> assertThat(count / 5_000.0, closeTo(0.25, 0.03)));
    }

    @Test
    public void delaysSpanSecondsToHours() {
        ImpressionsAndPlays streams = oneImpressionEach();
        List<Duration> delays = delays(streams);
        assertThat(delays.get(0), greaterThanOrEqualTo(Duration.ofSeconds(2)));
        assertThat(delays.get(0), lessThan(Duration.ofSeconds(3)));
        assertThat(delays.get(delays.size() - 1), lessThanOrEqualTo(Duration.ofHours(3)));
        assertThat(delays.get(delays.size() - 1), greaterThan(Duration.ofMinutes(170)));
        // the geometric mean of 2 s and 3 h is the median of a log-uniform distribution
        assertThat(delays.get(delays.size() / 2).toMillis() / 1_000.0, closeTo(147, 20));
        assertThat(between(delays, 2, 20) / 5_000.0, closeTo(0.268, 0.03));
        assertThat(between(delays, 200, 2_000) / 5_000.0, closeTo(0.268, 0.03));
    }

    @Test
    public void aDelayMayBeTheLookbackToTheMillisecond() {
        ImpressionsAndPlays streams = oneImpressionEach().plays(500).delays(LOOKBACK, LOOKBACK);
        assertThat(
                delays(streams),
                equalTo(Stream.generate(() -> LOOKBACK).limit(500).toList()));
        ImpressionsAndPlays beyond = streams.delays(LOOKBACK.plusMillis(1), LOOKBACK.plusMillis(1));
        assertThat(beyond.truth().values().stream().allMatch(List::isEmpty), is(true));
    }

    @Test
    public void sharesOfPlaysAreWhatWasAskedFor() {
        ImpressionsAndPlays streams =
                ImpressionsAndPlays.seed(11).plays(10_000).beyond(0.1).unled(0.2);
        Map<String, List<TitleEvent>> shown =
                streams.impressions().stream().collect(Collectors.groupingBy(TitleEvent::key));
        assertThat(share(streams.plays(), play -> !shown.containsKey(play.key())), closeTo(0.2, 0.02));
        assertThat(
                share(streams.plays(), play -> isTooEarly(shown.getOrDefault(play.key(), List.of()), play)),
                closeTo(0.1, 0.01));
        long ledByNone = streams.truth().values().stream().filter(List::isEmpty).count();
        assertThat(ledByNone / 10_000.0, closeTo(0.3, 0.02));
    }

    @Test
    public void theShareOfImpressionsWithoutAnyPlayIsWhatWasAskedFor() {
        ImpressionsAndPlays streams = ImpressionsAndPlays.seed(11).plays(2_000).unplayed(0.75);
        Set<String> played = streams.plays().stream().map(TitleEvent::key).collect(Collectors.toSet());
        assertThat(share(streams.impressions(), shown -> !played.contains(shown.key())), closeTo(0.75, 0.001));
    }

    @Test
    public void aFewTitlesAndProfilesHaveMostOfBoth() {
        ImpressionsAndPlays streams = ImpressionsAndPlays.seed(5).plays(5_000).unplayed(0.5);
        for (List<TitleEvent> stream : List.of(streams.impressions(), streams.plays())) {
            assertThat(ofTopTen(stream, TitleEvent::titleId), greaterThan(0.4));
            assertThat(ofTopTen(stream, TitleEvent::profileId), greaterThan(0.3));
        }
        assertThat(ofTopTen(ImpressionsAndPlays.seed(5).skew(0).plays(), TitleEvent::titleId), lessThan(0.1));
    }

    @Test
    public void bothStreamsAreInTheOrderOfArrivalAndOutOfOrderByTime() {
        ImpressionsAndPlays streams = ImpressionsAndPlays.seed(5).plays(5_000).outOfOrder(TEN_SECONDS);
        for (List<TitleEvent> stream : List.of(streams.impressions(), streams.plays())) {
            List<Instant> arrivals = stream.stream().map(TitleEvent::arrival).toList();
            assertThat(arrivals, equalTo(arrivals.stream().sorted().toList()));
            assertThat(furthestBack(stream), greaterThan(Duration.ofSeconds(5)));
            assertThat(furthestBack(stream), lessThanOrEqualTo(TEN_SECONDS));
        }
    }

    @Test
    public void nothingIsOutOfOrderIfThatIsAsked() {
        ImpressionsAndPlays streams =
                ImpressionsAndPlays.seed(5).outOfOrder(Duration.ZERO).duplicated(0.1);
        assertThat(furthestBack(streams.impressions()), equalTo(Duration.ZERO));
        assertThat(furthestBack(streams.plays()), equalTo(Duration.ZERO));
    }

    @Test
    public void aLateEventArrivesSoMuchLaterThanTheOthers() {
        ImpressionsAndPlays streams = ImpressionsAndPlays.seed(5)
                .plays(5_000)
                .outOfOrder(TEN_SECONDS)
                .duplicated(0.1)
                .late(0.1, Duration.ofMinutes(30));
        for (List<TitleEvent> stream : List.of(streams.impressions(), streams.plays())) {
            for (TitleEvent event : stream) {
                Duration behind = Duration.between(event.eventTime(), event.arrival());
                assertThat(behind.compareTo(TEN_SECONDS) > 0, is(event.late()));
                assertThat(behind.compareTo(Duration.ofMinutes(30).plus(TEN_SECONDS)) >= 0, is(event.late()));
            }
            assertThat(share(stream, TitleEvent::late), closeTo(0.1, 0.02));
            assertThat(furthestBack(stream), greaterThan(Duration.ofMinutes(30)));
        }
    }

    @Test
    public void playsLagBehindTheirTimesAndImpressionsDoNot() {
        ImpressionsAndPlays onTime = ImpressionsAndPlays.seed(5).late(0.1, Duration.ofMinutes(30));
        ImpressionsAndPlays lagging = onTime.lag(Duration.ofHours(2));
        assertThat(arrivals(lagging.impressions()), equalTo(arrivals(onTime.impressions())));
        assertThat(
                arrivals(lagging.plays()),
                equalTo(arrivals(onTime.plays()).stream()
                        .map(arrival -> arrival.plus(Duration.ofHours(2)))
                        .toList()));
        assertThat(
                lagging.plays().stream().map(TitleEvent::late).toList(),
                equalTo(onTime.plays().stream().map(TitleEvent::late).toList()));
    }

    @Test
    public void becomesAKafkaRecordWithEverythingItHas() {
        TitleEvent play = ImpressionsAndPlays.seed(9).plays().get(0);
        ProducerRecord<byte[], byte[]> record = play.recordFor("plays", 3);
        assertThat(record.topic(), equalTo("plays"));
        assertThat(record.partition(), equalTo(3));
        assertThat(record.timestamp(), equalTo(play.arrival().toEpochMilli()));
        assertThat(new String(record.key(), UTF_8), equalTo(play.profileId() + "/" + play.titleId()));
        assertThat(record.value(), equalTo(play.value()));
        assertThat(play.recordFor("plays").partition(), equalTo(null));
    }

    @Test
    public void writesBothStreamsAndTheTruth() throws IOException {
        Path written = folder.getRoot().toPath().resolve("written");
        WriteImpressionsAndPlays.main(new String[] {written.toString(), "300"});
        ImpressionsAndPlays streams = WriteImpressionsAndPlays.written(300);
        assertThat(lines(written, "impressions/impressions.jsonl"), equalTo(values(streams.impressions())));
        assertThat(lines(written, "plays/plays.jsonl"), equalTo(values(streams.plays())));
        assertThat(
                truth(lines(written, "truth.jsonl")),
                equalTo(List.copyOf(streams.truth().entrySet())));
        assertThat(rates(lines(written, "rates.jsonl")), equalTo(streams.rates(Duration.ofMinutes(10))));
    }

    @Test
    public void theBundledSampleIsWhatIsWritten() throws IOException {
        Path samples = Path.of("../pipelines/samples");
        ImpressionsAndPlays streams = WriteImpressionsAndPlays.written(300);
        assertThat(
                unzipped(samples.resolve("impressions/impressions.jsonl.gz")), equalTo(values(streams.impressions())));
        assertThat(unzipped(samples.resolve("plays-of-impressions/plays.jsonl.gz")), equalTo(values(streams.plays())));
    }

    @Test
    public void writesOthersForAnotherSeed() throws IOException {
        Path root = folder.getRoot().toPath();
        WriteImpressionsAndPlays.main(new String[] {root.resolve("42").toString(), "30", "42"});
        WriteImpressionsAndPlays.main(new String[] {root.resolve("43").toString(), "30", "43"});
        assertThat(
                lines(root.resolve("42"), "plays/plays.jsonl"),
                equalTo(values(WriteImpressionsAndPlays.written(30).plays())));
        assertThat(
                lines(root.resolve("43"), "plays/plays.jsonl"),
                not(equalTo(lines(root.resolve("42"), "plays/plays.jsonl"))));
        refuses(
                () -> WriteImpressionsAndPlays.main(new String[] {"out"}),
                "arguments must be <folder> <plays> [seed], but were 1");
    }

    @Test
    public void refusesSettingsThatBreakTheirRule() {
        ImpressionsAndPlays streams = ImpressionsAndPlays.seed(1);
        refuses(() -> streams.plays(-1), "plays must be at least 0, but was -1");
        refuses(() -> streams.impressionsPerPlay(0), "impressionsPerPlay must be at least 1, but was 0");
        refuses(() -> streams.beyond(1.5), "beyondShare must be from 0 to 1, but was 1.5");
        refuses(
                () -> streams.beyond(0.75).unled(0.75),
                "sum of beyondShare and unledShare must be from 0 to 1, but was 1.5");
        refuses(() -> streams.unplayed(1), "unplayedShare must be below 1, but was 1.0");
        refuses(() -> streams.unplayed(-0.5), "unplayedShare must be from 0 to 1, but was -0.5");
        refuses(() -> streams.lasting(Duration.ZERO), "lasting must be at least PT0.001S, but was PT0S");
        refuses(() -> streams.late(0.1, Duration.ZERO), "by must be at least PT0.001S, but was PT0S");
        refuses(
                () -> streams.delays(Duration.ofSeconds(2), Duration.ofSeconds(1)),
                "longest must be at least PT2S, but was PT1S");
    }

    @Test
    public void saysThatThereAreTooFewProfilesAndTitles() {
        ImpressionsAndPlays streams =
                ImpressionsAndPlays.seed(1).plays(13).profiles(3).titles(4).beyond(1);
        assertThat(
                assertThrows(IllegalStateException.class, streams::plays).getMessage(),
                equalTo("profiles times titles must be more, but all 12 pairs are taken by others"));
        assertThat(streams.plays(12).truth().values().stream().allMatch(List::isEmpty), is(true));
    }

    private static ImpressionsAndPlays everything(long seed) {
        return ImpressionsAndPlays.seed(seed)
                .beyond(0.05)
                .unled(0.05)
                .unplayed(0.5)
                .duplicated(0.05)
                .late(0.05, Duration.ofHours(1))
                .lag(Duration.ofMinutes(3));
    }

    /** Keys are hardly ever drawn twice, so that the impressions of a key are those of its play. */
    private static ImpressionsAndPlays oneImpressionEach() {
        return ImpressionsAndPlays.seed(13)
                .plays(5_000)
                .profiles(1_000_000)
                .titles(10_000)
                .skew(0)
                .impressionsPerPlay(1);
    }

    private static void saysWhatItIs(TitleEvent event) {
        JsonNode document = document(event.value());
        assertThat(document.get("id").textValue(), equalTo(event.id()));
        assertThat(document.get("ts").longValue(), equalTo(event.eventTime().toEpochMilli()));
        assertThat(
                event.key(),
                equalTo(document.get("profile_id").textValue() + "/"
                        + document.get("title_id").textValue()));
    }

    private static List<String> fields(TitleEvent event) {
        List<String> names = new ArrayList<>();
        document(event.value()).fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode document(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From the shortest to the longest. */
    private static List<Duration> delays(ImpressionsAndPlays streams) {
        Map<String, Instant> shown = times(streams.impressions());
        Map<String, Instant> played = times(streams.plays());
        return streams.truth().entrySet().stream()
                .flatMap(led -> led.getValue().stream()
                        .map(impression -> Duration.between(shown.get(impression), played.get(led.getKey()))))
                .sorted()
                .toList();
    }

    private static Map<String, Instant> times(List<TitleEvent> events) {
        return events.stream().collect(Collectors.toMap(TitleEvent::id, TitleEvent::eventTime));
    }

    private static long between(List<Duration> delays, long fromSeconds, long toSeconds) {
        return delays.stream()
                .filter(delay -> delay.toSeconds() >= fromSeconds && delay.toSeconds() < toSeconds)
                .count();
    }

    private static boolean isTooEarly(List<TitleEvent> shown, TitleEvent play) {
        Instant earliest = play.eventTime().minus(LOOKBACK);
        return !shown.isEmpty()
                && shown.stream().allMatch(impression -> impression.eventTime().isBefore(earliest));
    }

    /** How far a time is behind one that came before it, at most. */
    private static Duration furthestBack(List<TitleEvent> stream) {
        Instant latest = stream.get(0).eventTime();
        Duration furthest = Duration.ZERO;
        for (TitleEvent event : stream) {
            Duration back = Duration.between(event.eventTime(), latest);
            furthest = back.compareTo(furthest) > 0 ? back : furthest;
            latest = event.eventTime().isAfter(latest) ? event.eventTime() : latest;
        }
        return furthest;
    }

    private static double share(List<TitleEvent> events, Predicate<TitleEvent> trait) {
        return (double) events.stream().filter(trait).count() / events.size();
    }

    private static double ofTopTen(List<TitleEvent> events, Function<TitleEvent, String> name) {
        long top = events.stream().collect(Collectors.groupingBy(name, Collectors.counting())).values().stream()
                .sorted(Comparator.reverseOrder())
                .limit(10)
                .mapToLong(Long::longValue)
                .sum();
        return (double) top / events.size();
    }

    private static List<String> ids(List<TitleEvent> events) {
        return events.stream().map(TitleEvent::id).toList();
    }

    private static List<Instant> arrivals(List<TitleEvent> events) {
        return events.stream().map(TitleEvent::arrival).toList();
    }

    private static List<String> values(List<TitleEvent> events) {
        return events.stream().map(event -> new String(event.value(), UTF_8)).toList();
    }

    private static List<String> lines(Path folder, String file) throws IOException {
        return Files.readAllLines(folder.resolve(file));
    }

    private static List<String> unzipped(Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }

    private static List<Map.Entry<String, List<String>>> truth(List<String> lines) {
        return lines.stream()
                .map(line -> document(line.getBytes(UTF_8)))
                .map(led -> Map.entry(led.get("play").textValue(), texts(led.get("impressions"))))
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    private static List<TitleRate> rates(List<String> lines) {
        return lines.stream()
                .map(line -> document(line.getBytes(UTF_8)))
                .map(rate -> new TitleRate(
                        rate.get("title_id").textValue(),
                        Instant.ofEpochMilli(rate.get("window_start").longValue()),
                        rate.get("impressions").intValue(),
                        rate.get("converted").intValue()))
                .toList();
    }

    private static void refuses(ThrowingRunnable setting, String message) {
        assertThat(assertThrows(IllegalArgumentException.class, setting).getMessage(), equalTo(message));
    }

    private static String hash(ImpressionsAndPlays streams) throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        for (List<TitleEvent> stream : List.of(streams.impressions(), streams.plays())) {
            for (TitleEvent event : stream) {
                sha.update((event.arrival() + " " + event.late() + " " + event.repeat() + " ").getBytes(UTF_8));
                sha.update(event.value());
            }
        }
        return HexFormat.of().formatHex(sha.digest(), 0, 8);
    }
}
