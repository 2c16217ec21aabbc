package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Maps;
import com.google.common.collect.Streams;
import io.millrace.testfixtures.events.Titles;
import io.millrace.testfixtures.showings.ImpressionsAndPlays;
import io.millrace.testfixtures.showings.TitleRate;
import io.millrace.testfixtures.showings.WriteImpressionsAndPlays;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The bundled sample, run as the README says and compared with a plain-Java oracle. */
public class SampleTest {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION);
    private static final Path SAMPLES = Path.of("samples").toAbsolutePath();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void directGivesWhatTheOracleExpects() throws IOException {
        givesWhatTheOracleExpects("direct");
    }

    @Test
    public void flinkLocalGivesWhatTheOracleExpects() throws IOException {
        givesWhatTheOracleExpects("flink-local");
    }

    @Test
    public void theScriptGivesWhatTheOracleExpects() throws IOException {
        for (String runner : List.of("direct", "flink-local")) {
            Path out = folder.getRoot().toPath().resolve(runner);

            CommandLineRun run =
                    CommandLineRun.of("router", "--spec=" + spec("play-minutes.yaml", out), "--runner=" + runner);

            assertThat(run.err(), run.status(), is(Commands.DONE));
            assertThat(
                    sorted(linesBelow(out.resolve("play-minutes/minutes"))),
                    is(sorted(events().flatMap(event -> Oracle.minutes(event).stream()))));
            assertThat(
                    reasons(linesBelow(out.resolve("play-minutes/dead-letters"))),
                    is(sorted(events().flatMap(Oracle::reasonsOfMinutes))));
        }
    }

    @Test
    public void theTableGivesWhatTheOracleExpects() throws IOException {
        assertThat(lines(SAMPLES.resolve("titles/titles.jsonl")).toList(), is(Titles.rows(500)));
        for (String runner : List.of("direct", "flink-local")) {
            Path out = folder.getRoot().toPath().resolve(runner);

            CommandLineRun run =
                    CommandLineRun.of("enrich", "--spec=" + spec("play-titles.yaml", out), "--runner=" + runner);

            assertThat(run.err(), run.status(), is(Commands.DONE));
            assertThat(
                    sorted(linesBelow(out.resolve("play-titles/plays"))),
                    is(sorted(events().flatMap(event -> Oracle.titled(event).stream()))));
            assertThat(
                    reasons(linesBelow(out.resolve("play-titles/dead-letters"))),
                    is(sorted(events().flatMap(Oracle::reasonsOfTitled))));
        }
    }

    @Test
    public void theJoinGivesWhatTheTruthSays() throws IOException {
        ImpressionsAndPlays truth = WriteImpressionsAndPlays.written(300);
        for (String runner : List.of("direct", "flink-local")) {
            Path out = folder.getRoot().toPath().resolve(runner);

            CommandLineRun run =
                    CommandLineRun.of("join", "--spec=" + spec("conversions.yaml", out), "--runner=" + runner);

            assertThat(run.err(), run.status(), is(Commands.DONE));
            assertThat(
                    linesBelow(out.resolve("conversions/rates"))
                            .map(SampleTest::rate)
                            .collect(Collectors.toSet()),
                    is(truth.rates(Duration.ofMinutes(10)).stream()
                            .filter(rate -> rate.impressions() >= 3)
                            .collect(Collectors.toSet())));
            assertThat(
                    linesBelow(out.resolve("conversions/plays"))
                            .map(JoinResults::json)
                            .collect(Collectors.toMap(
                                    play -> play.path("play").textValue(),
                                    play -> play.path("impressions").intValue())),
                    is(Maps.transformValues(truth.truthOfFirstPlays(), List::size)));
            assertThat(ClusterRuns.lines(out.resolve("conversions/dead-letters")), is(List.of()));
        }
    }

    @Test
    public void theViewGivesWhatItsCommentsSay() throws IOException {
        Path all = Files.copy(
                SAMPLES.resolve("assets/all.jsonl"), folder.getRoot().toPath().resolve("all.jsonl"));
        Map<String, String> published = Map.of(
                "us/m-1", "lax-1 /vol1/m-1, sjc-1 /vol2/m-1",
                "us/m-2", "lax-1 /vol1/m-2",
                "us/m-4", "sjc-1 /vol1/m-4",
                "eu/m-1", "ams-1 /vol1/m-1, ams-2 /vol1/m-1",
                "eu/m-3", "ams-1 /vol1/m-3");
        Map<String, String> published10Past10 = new HashMap<>(published);
        published10Past10.put("eu/m-1", "ams-1 /vol1/m-1");
        published10Past10.put("eu/m-3", "ams-1 /vol1/m-3, cdg-1 /vol3/m-3");
        for (String runner : List.of("direct", "flink-local")) {
            Files.setLastModifiedTime(all, FileTime.from(Instant.now()));
            assertThat(locations(runner, all, "now"), is(published));
            Files.setLastModifiedTime(all, FileTime.from(Instant.parse("2026-01-31T10:10:00Z")));
            assertThat(locations(runner, all, "then"), is(published10Past10));
        }
    }

    /** What keys are, as was printed last of each. */
    private Map<String, String> locations(String runner, Path all, String when) throws IOException {
        Path out = folder.getRoot().toPath().resolve(runner + "-" + when);
        Path spec = spec("locations.yaml", out);
        Files.writeString(
                spec,
                Files.readString(spec)
                        .replace(SAMPLES.resolve("assets/all.jsonl").toString(), all.toString())
                        .replace("every: PT1S", "every: PT1H"));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream console = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        CommandLineRun run;
        try {
            run = CommandLineRun.of("view", "--spec=" + spec, "--runner=" + runner);
        } finally {
            System.setOut(console);
        }

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(reasons(linesBelow(out.resolve("locations/dead-letters"))), is(List.of("cache viewKeyFailed")));
        Map<String, String> last = new HashMap<>();
        printed.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("{")) // a log may be written there too
                .map(JoinResults::json)
                .forEach(key -> last.put(
                        key.path("key").textValue(),
                        Streams.stream(key.path("locations"))
                                .map(one -> one.path("appliance").textValue() + " "
                                        + one.path("path").textValue())
                                .collect(Collectors.joining(", "))));
        return last;
    }

    private static TitleRate rate(String line) {
        JsonNode rate = JoinResults.json(line);
        return new TitleRate(
                rate.path("title_id").textValue(),
                Instant.parse(rate.path("from").textValue()),
                rate.path("impressions").intValue(),
                rate.path("conversions").intValue());
    }

    private static Stream<String> events() throws IOException {
        return lines(SAMPLES.resolve("play-events/play-events.jsonl.gz"));
    }

    private void givesWhatTheOracleExpects(String runner) throws IOException {
        Path out = folder.getRoot().toPath();
        Path summary = out.resolve("summary.json");

        CommandLineRun run = CommandLineRun.of(
                "router", "--spec=" + spec("play-events.yaml", out), "--runner=" + runner, "--summary=" + summary);

        List<String> events = events().toList();
        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(JSON.readTree(summary.toFile()), is(expectedSummary(events)));
        assertThat(sorted(linesBelow(out.resolve("play-events/everything"))), is(sorted(events.stream())));
        assertThat(
                sorted(linesBelow(out.resolve("play-events/long-plays"))),
                is(sorted(events.stream().flatMap(event -> Oracle.longPlay(event).stream()))));
        assertThat(
                reasons(linesBelow(out.resolve("play-events/dead-letters"))),
                is(sorted(events.stream().flatMap(Oracle::reasons))));
    }

    private static Path spec(String name, Path out) throws IOException {
        Files.createDirectories(out);
        String text = Files.readString(SAMPLES.resolve(name))
                .replace("pipelines/samples", SAMPLES.toString())
                .replace("out/", out + "/");
        return Files.writeString(out.resolve("spec.yaml"), text);
    }

    private static JsonNode expectedSummary(List<String> events) {
        ObjectNode expected = JSON.createObjectNode().put("pipeline", "play-events");
        ObjectNode routes = expected.putObject("routes");
        long broken = events.stream()
                .filter(event -> Oracle.document(event).isEmpty())
                .count();
        long wrong = events.stream().filter(Oracle::longPlaysFails).count();
        long longPlays = events.stream()
                .filter(event -> Oracle.longPlay(event).isPresent())
                .count();
        long withDevice = events.stream().filter(Oracle::hasDevice).count();
        put(routes.putObject("long-plays"), events.size(), longPlays, broken + wrong);
        put(routes.putObject("devices"), events.size(), withDevice, broken);
        put(routes.putObject("everything"), events.size(), events.size(), 0);
        return JSON.valueToTree(JSON.convertValue(expected, Object.class));
    }

    private static void put(ObjectNode route, long in, long delivered, long deadLettered) {
        route.put("in", (int) in)
                .put("delivered", (int) delivered)
                .put("filtered", (int) (in - delivered - deadLettered))
                .put("deadLettered", (int) deadLettered);
    }

    private static List<String> reasons(Stream<String> deadLetters) {
        List<String> reasons = new ArrayList<>();
        for (String deadLetter : deadLetters.toList()) {
            try {
                JsonNode json = JSON.readTree(deadLetter);
                reasons.add(
                        json.path("route").asText() + " " + json.path("reason").asText());
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }
        return sorted(reasons.stream());
    }

    private static List<String> sorted(Stream<String> lines) {
        return lines.sorted().toList();
    }

    private static Stream<String> linesBelow(Path below) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(below)) {
            for (Path file :
                    files.filter(path -> path.toString().contains(".jsonl")).toList()) {
                lines.addAll(lines(file).toList());
            }
        }
        return lines.stream();
    }

    private static Stream<String> lines(Path file) throws IOException {
        if (!file.toString().endsWith(".gz")) {
            return Files.readAllLines(file).stream();
        }
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return reader.lines().toList().stream();
        }
    }

    /** What the sample's routes do, said again in plain Java. */
    private static final class Oracle {
        private static final Set<String> NORTH_AMERICA = Set.of("US", "CA");
        private static final Map<String, String> SCREENS =
                Map.of("tv", "large", "console", "large", "web", "medium", "tablet", "small", "phone", "small");

        static Optional<JsonNode> document(String event) {
            try {
                return Optional.of(JSON.readTree(event)).filter(JsonNode::isObject);
            } catch (JsonProcessingException e) {
                return Optional.empty();
            }
        }

        static boolean hasDevice(String event) {
            return document(event).filter(document -> document.has("device")).isPresent();
        }

        static boolean isNorthAmerican(JsonNode document) {
            return NORTH_AMERICA.contains(document.path("country").asText());
        }

        /** Of two operands of {@code &&}, a false one decides, whichever it is; an error matters only beside a true one. */
        static boolean longPlaysFails(String event) {
            return document(event).filter(Oracle::filterFails).isPresent()
                    || document(event).filter(Oracle::projectionFails).isPresent();
        }

        private static boolean filterFails(JsonNode document) {
            boolean durationFails = !document.path("duration_s").isNumber();
            boolean countryFails = !document.has("country");
            boolean isLong = document.path("duration_s").asDouble() > 60;
            return (durationFails && (countryFails || isNorthAmerican(document))) || (countryFails && isLong);
        }

        private static boolean projectionFails(JsonNode document) {
            return takes(document) && !(document.has("profile_id") && document.has("title_id"));
        }

        private static boolean takes(JsonNode document) {
            return document.path("duration_s").isNumber()
                    && document.path("duration_s").asDouble() > 60
                    && isNorthAmerican(document);
        }

        static Optional<String> longPlay(String event) {
            return document(event)
                    .filter(Oracle::takes)
                    .filter(document -> !projectionFails(document))
                    .map(Oracle::project);
        }

        private static String project(JsonNode document) {
            return "{\"profile_id\":" + document.get("profile_id") + ",\"title_id\":" + document.get("title_id")
                    + ",\"minutes\":" + document.get("duration_s").asDouble() / 60.0 + "}";
        }

        private static boolean hasMinutes(JsonNode document) {
            return isNorthAmerican(document) && document.path("duration_s").isNumber();
        }

        static Optional<String> minutes(String event) {
            return document(event)
                    .filter(Oracle::hasMinutes)
                    .filter(document -> document.get("duration_s").asInt() >= 60)
                    .map(document -> "{\"title_id\":" + document.get("title_id") + ",\"screen\":\""
                            + SCREENS.getOrDefault(document.path("device").asText(), "unknown") + "\",\"minutes\":"
                            + document.get("duration_s").asInt() / 60 + "}");
        }

        static Stream<String> reasonsOfMinutes(String event) {
            if (document(event).isEmpty()) {
                return Stream.of("minutes notJson");
            }
            JsonNode document = document(event).get();
            return Stream.of(!document.has("country") ? "minutes filterFailed" : "minutes scriptFailed")
                    .filter(reason -> !document.has("country") || isNorthAmerican(document) && !hasMinutes(document));
        }

        private static Optional<JsonNode> title(JsonNode document) {
            return Titles.rowOf(document.path("title_id").asText()).flatMap(Oracle::document);
        }

        private static boolean isTimed(JsonNode document) {
            return document.has("profile_id") && document.path("duration_s").isNumber();
        }

        static Optional<String> titled(String event) {
            return document(event)
                    .filter(Oracle::isTimed)
                    .flatMap(document -> title(document).map(title -> {
                        double watched = document.get("duration_s").asDouble()
                                / (title.get("runtime_min").asInt() * 60.0);
                        return "{\"profile_id\":" + document.get("profile_id") + ",\"title\":" + title.get("name")
                                + ",\"kind\":" + title.get("kind") + ",\"watched\":" + watched + "}";
                    }));
        }

        static Stream<String> reasonsOfTitled(String event) {
            Optional<JsonNode> document = document(event);
            if (document.isEmpty()) {
                return Stream.of("plays notJson");
            }
            if (title(document.get()).isEmpty()) {
                return Stream.of("plays lookupMissed");
            }
            return isTimed(document.get()) ? Stream.empty() : Stream.of("plays projectionFailed");
        }

        static Stream<String> reasons(String event) {
            if (document(event).isEmpty()) {
                return Stream.of("long-plays notJson", "devices notJson");
            }
            if (document(event).filter(Oracle::filterFails).isPresent()) {
                return Stream.of("long-plays filterFailed");
            }
            return longPlaysFails(event) ? Stream.of("long-plays projectionFailed") : Stream.empty();
        }
    }
}
