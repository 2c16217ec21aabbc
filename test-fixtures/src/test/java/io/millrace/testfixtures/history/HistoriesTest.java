package io.millrace.testfixtures.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;

public class HistoriesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    public void aHistoryIsAFunctionOfTheProfilesId() {
        assertThat(
                new String(Histories.of("p-0000017").orElseThrow(), UTF_8),
                is(
                        "{\"profile_id\":\"p-0000017\",\"plays\":2662,\"last_title\":\"t-289720\",\"member_since\":\"2022-07-28\"}"));
    }

    @Test
    public void unknownProfilesHaveNone() {
        assertThat(Histories.of("unknown-7"), is(Optional.empty()));
        assertThat(Histories.isKnown("unknown"), is(false));
        assertThat(Histories.isKnown("p-unknown"), is(true));
    }

    @Test
    public void severalAreAnObjectOfTheKnownOnesById() throws IOException {
        JsonNode answer = JSON.readTree(Histories.of(List.of("p-2", "unknown-1", "p-1", "p-2")));

        assertThat(names(answer), is(List.of("p-2", "p-1")));
        assertThat(answer.get("p-1"), is(history("p-1")));
        assertThat(answer.get("p-2"), is(history("p-2")));
        assertThat(new String(Histories.of(List.of()), UTF_8), is("{}"));
    }

    @Test
    public void anyTextCanBeAnId() throws IOException {
        String id = "a \"quoted\" \\ Ünïcode \u0001 東京 \uD83C\uDFAC";

        assertThat(history(id).path("profile_id").asText(), is(id));
    }

    @Test
    public void historiesDiffer() {
        Set<JsonNode> plays = IntStream.range(0, 10_000)
                .mapToObj(i -> history("p-" + i).get("plays"))
                .collect(Collectors.toSet());

        assertThat(plays.size(), greaterThan(4_000));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode history(String id) {
        try {
            return JSON.readTree(Histories.of(id).orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
