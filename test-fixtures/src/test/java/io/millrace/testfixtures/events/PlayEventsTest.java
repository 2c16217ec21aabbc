package io.millrace.testfixtures.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class PlayEventsTest {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Set<Defect> ALL = Set.of(Defect.values());

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void theSameSeedMakesTheSameBytes() throws Exception {
        PlayEvents events = PlayEvents.seed(42)
                .count(5_000)
                .late(0.01)
                .duplicated(0.01)
                .broken(0.01)
                .wrongFields(0.01)
                .oversized(0.001, 2_000)
                .oddKeys(0.01)
                .oddHeaders(0.01);
        assertThat(hash(events), equalTo("2fb8c677c9b5471c"));
    }

    @Test
    public void anotherSeedMakesOthers() throws Exception {
        assertThat(hash(PlayEvents.seed(1)).equals(hash(PlayEvents.seed(2))), is(false));
    }

    @Test
    public void aLongerStreamBeginsWithTheShorterOne() throws Exception {
        PlayEvents events = PlayEvents.seed(7).duplicated(0.2).count(200);
        assertThat(hash(events.count(1_000).stream(0, 200)), equalTo(hash(events)));
    }

    @Test
    public void aSoundDocumentHasWhatTheEventSays() throws Exception {
        for (PlayEvent event : PlayEvents.seed(3).count(200).list()) {
            JsonNode document = JSON.readTree(event.value());
            assertThat(document.get("ts").longValue(), equalTo(event.eventTime().toEpochMilli()));
            assertThat(
                    document.get("profile_id").textValue(), equalTo(event.play().profileId()));
            assertThat(
                    document.get("title_id").textValue(), equalTo(event.play().titleId()));
            assertThat(document.get("country").textValue(), equalTo(event.play().country()));
            assertThat(document.get("device").textValue(), equalTo(event.play().device()));
            assertThat(
                    document.get("duration_s").intValue(), equalTo(event.play().durationSeconds()));
            assertThat(
                    document.get("completed").booleanValue(),
                    equalTo(event.play().completed()));
            assertThat(
                    document.at("/geo/country").textValue(),
                    equalTo(event.play().country()));
            assertThat(
                    document.at("/geo/city").textValue(), equalTo(event.play().city()));
            assertThat(new String(event.key(), UTF_8), equalTo(event.play().profileId()));
        }
    }

    @Test
    public void aDocumentHasAbout350Bytes() {
        double average = PlayEvents.seed(3).list().stream()
                .mapToInt(event -> event.value().length)
                .average()
                .orElseThrow();
        assertThat(average, closeTo(350, 20));
    }

    @Test
    public void timesAreOutOfOrderAsFarAsSaid() {
        List<PlayEvent> events = PlayEvents.seed(5)
                .every(Duration.ofSeconds(1))
                .outOfOrder(Duration.ofSeconds(5))
                .list();
        List<Instant> times = events.stream().map(PlayEvent::eventTime).toList();
        List<Instant> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        assertThat(times.equals(sorted), is(false));
        for (PlayEvent event : events) {
            Duration before = Duration.between(event.eventTime(), event.timestamp());
            assertThat(before.isNegative(), is(false));
            assertThat(before.compareTo(Duration.ofSeconds(5)) <= 0, is(true));
        }
    }

    @Test
    public void aLateEventLiesFurtherBackThanTheOthers() {
        PlayEvents events = PlayEvents.seed(5).count(5_000).late(0.1, Duration.ofMinutes(30));
        for (PlayEvent event : events.list()) {
            Duration before = Duration.between(event.eventTime(), event.timestamp());
            assertThat(before.compareTo(Duration.ofMinutes(30)) > 0, is(event.late()));
        }
        assertThat(share(events, PlayEvent::late), closeTo(0.1, 0.02));
    }

    @Test
    public void aDuplicateRepeatsAnEarlierEventByteForByte() {
        PlayEvents events = PlayEvents.seed(5).count(5_000).duplicated(0.1);
        List<PlayEvent> list = events.list();
        for (PlayEvent event : list) {
            PlayEvent original = list.get(event.original());
            assertThat(original.isDuplicate(), is(false));
            assertThat(event.value(), equalTo(original.value()));
            assertThat(event.key(), equalTo(original.key()));
        }
        assertThat(share(events, PlayEvent::isDuplicate), closeTo(0.1, 0.02));
    }

    @Test
    public void aFewTitlesAndProfilesHaveMostOfThePlays() {
        List<PlayEvent> events = PlayEvents.seed(5).count(10_000).list();
        assertThat(topTen(events, event -> event.play().titleId()), greaterThan(4_000L));
        assertThat(topTen(events, event -> event.play().profileId()), greaterThan(3_000L));
    }

    @Test
    public void everyDefectIsThereInItsShare() {
        PlayEvents events = PlayEvents.seed(9).count(32_000).oversized(0, 1_000).with(ALL, 1);
        Map<Defect, Long> counts =
                events.stream().collect(Collectors.groupingBy(PlayEvent::defect, Collectors.counting()));
        assertThat(counts, aMapWithSize(Defect.values().length));
        counts.values().forEach(count -> assertThat((double) count, closeTo(2_000, 200)));
    }

    @Test
    public void aBrokenDocumentIsNoJsonObject() {
        PlayEvents.seed(9).with(Defect.BROKEN_JSON, 1).stream()
                .forEach(event -> assertThrows(JsonProcessingException.class, () -> JSON.readTree(event.value())));
        PlayEvents.seed(9).with(Defect.BROKEN_TAIL, 1).stream()
                .forEach(event -> assertThrows(JsonProcessingException.class, () -> JSON.readTree(event.value())));
        PlayEvents.seed(9).with(Defect.NOT_AN_OBJECT, 1).stream()
                .forEach(event -> assertThat(parsed(event).isArray(), is(true)));
    }

    @Test
    public void aWrongFieldIsWrongAsItsDefectSays() {
        assertThat(first(Defect.MISSING_DURATION).has("duration_s"), is(false));
        assertThat(first(Defect.TEXT_AS_DURATION).get("duration_s").textValue(), equalTo("long"));
        assertThat(first(Defect.MISSING_TIME).has("ts"), is(false));
        assertThat(first(Defect.UNREADABLE_TIME).get("ts").textValue(), equalTo("yesterday"));
        assertThat(
                Instant.ofEpochMilli(first(Defect.FAR_FUTURE_TIME).get("ts").longValue()),
                equalTo(PlayEvents.DEFAULT_START.plus(Duration.ofDays(365))));
    }

    @Test
    public void anOversizedDocumentHasTheSizeAskedForAndIsSound() {
        PlayEvents.seed(9).count(20).oversized(1, 5_000).stream().forEach(event -> {
            assertThat(event.value().length, equalTo(5_000));
            assertThat(
                    parsed(event).get("duration_s").intValue(),
                    equalTo(event.play().durationSeconds()));
        });
    }

    @Test
    public void keysAndHeadersAreOddAsTheirDefectSays() {
        assertThat(firstEvent(Defect.NULL_KEY).key(), nullValue());
        assertThat(firstEvent(Defect.EMPTY_KEY).key(), equalTo(new byte[0]));
        assertThat(firstEvent(Defect.NON_UTF8_KEY).key(), equalTo(new byte[] {(byte) 0xC3, 0x28, (byte) 0xFF}));
        assertThat(firstEvent(Defect.NO_VALUE).value(), nullValue());
        assertThat(headerNames(Defect.REPEATED_HEADER), contains("source", "trace", "trace"));
        assertThat(headerNames(Defect.NULL_HEADER), contains("source", "trace", "note"));
        assertThat(firstEvent(Defect.NULL_HEADER).headers().get(2).value(), nullValue());
    }

    @Test
    public void becomesAKafkaRecordWithEverythingItHas() {
        PlayEvent event = firstEvent(Defect.NULL_HEADER);
        ProducerRecord<byte[], byte[]> record = event.recordFor("plays", 3);
        assertThat(record.topic(), equalTo("plays"));
        assertThat(record.partition(), equalTo(3));
        assertThat(record.timestamp(), equalTo(event.timestamp().toEpochMilli()));
        assertThat(record.key(), equalTo(event.key()));
        assertThat(record.value(), equalTo(event.value()));
        List<String> names = new ArrayList<>();
        record.headers().forEach(header -> names.add(header.key()));
        assertThat(names, contains("source", "trace", "note"));
    }

    @Test
    public void writesJsonLines() throws IOException {
        Path file = folder.getRoot().toPath().resolve("plays.jsonl");
        WritePlayEvents.main(new String[] {file.toString(), "300"});
        assertThat(
                Files.readAllLines(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                        .size(),
                equalTo(300));
        byte[] first = Files.readAllBytes(file);
        WritePlayEvents.main(new String[] {file.toString(), "300", "42"});
        assertThat(Files.readAllBytes(file), equalTo(first));
    }

    @Test
    public void refusesSharesThatAreNone() {
        assertThat(
                assertThrows(
                                IllegalArgumentException.class,
                                () -> PlayEvents.seed(1).late(1.5))
                        .getMessage(),
                equalTo("lateShare must be from 0 to 1, but was 1.5"));
        assertThat(
                assertThrows(
                                IllegalArgumentException.class,
                                () -> PlayEvents.seed(1).broken(0.75).with(Defect.NO_VALUE, 0.75))
                        .getMessage(),
                equalTo("sum of the shares of defects must be from 0 to 1, but was 1.5"));
        assertThat(
                assertThrows(
                                IllegalArgumentException.class,
                                () -> PlayEvents.seed(1).count(-1))
                        .getMessage(),
                equalTo("count must be at least 0, but was -1"));
    }

    @Test
    public void theGroupsOfDefectsDoNotOverlap() {
        List<Defect> grouped = new ArrayList<>();
        grouped.addAll(Defect.BROKEN);
        grouped.addAll(Defect.WRONG_FIELD);
        grouped.addAll(Defect.ODD_KEY);
        grouped.addAll(Defect.ODD_HEADER);
        grouped.addAll(List.of(Defect.NONE, Defect.OVERSIZED, Defect.NO_VALUE));
        assertThat(grouped, containsInAnyOrder(Defect.values()));
    }

    private static PlayEvent firstEvent(Defect defect) {
        return PlayEvents.seed(9).with(defect, 1).stream(0, 1).findFirst().orElseThrow();
    }

    private static JsonNode first(Defect defect) {
        return parsed(firstEvent(defect));
    }

    private static List<String> headerNames(Defect defect) {
        return firstEvent(defect).headers().stream().map(PlayEvent.Header::name).toList();
    }

    private static JsonNode parsed(PlayEvent event) {
        try {
            return JSON.readTree(event.value());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static double share(PlayEvents events, Predicate<PlayEvent> trait) {
        List<PlayEvent> list = events.list();
        return (double) list.stream().filter(trait).count() / list.size();
    }

    private static long topTen(List<PlayEvent> events, Function<PlayEvent, String> name) {
        return events.stream().collect(Collectors.groupingBy(name, Collectors.counting())).values().stream()
                .sorted(Collections.reverseOrder())
                .limit(10)
                .mapToLong(Long::longValue)
                .sum();
    }

    private static String hash(PlayEvents events) throws Exception {
        return hash(events.stream());
    }

    private static String hash(java.util.stream.Stream<PlayEvent> events) throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        try (DataOutputStream out =
                new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), sha))) {
            for (PlayEvent event : (Iterable<PlayEvent>) events::iterator) {
                write(event, out);
            }
        }
        return HexFormat.of().formatHex(sha.digest(), 0, 8);
    }

    private static void write(PlayEvent event, DataOutputStream out) throws IOException {
        write(event.key(), out);
        write(event.value(), out);
        out.writeLong(event.timestamp().toEpochMilli());
        for (PlayEvent.Header header : event.headers()) {
            out.writeUTF(header.name());
            write(header.value(), out);
        }
    }

    private static void write(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }
}
