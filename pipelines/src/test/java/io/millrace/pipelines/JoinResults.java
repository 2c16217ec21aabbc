package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testfixtures.showings.TitleRate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** What joins of impressions and plays have written, in the form in which the truth of both is told. */
final class JoinResults {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JoinResults() {}

    static JsonNode json(String document) {
        try {
            return JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(document, e);
        }
    }

    /** The ids in the lists of left events, by the id of the right one. */
    static Map<String, List<String>> impressionsOfPlays(Collection<JsonNode> results) {
        Map<String, List<String>> led = new TreeMap<>();
        for (JsonNode result : results) {
            List<String> before = led.put(
                    result.at("/right/id").textValue(),
                    StreamSupport.stream(result.at("/left/list").spliterator(), false)
                            .map(left -> left.path("id").textValue())
                            .toList());
            assertThat("one result of a play", before == null, is(true));
        }
        return led;
    }

    static TitleRate rate(JsonNode rate) {
        return new TitleRate(
                rate.path("by").textValue(),
                Instant.parse(rate.path("from").textValue()),
                rate.path("left").intValue(),
                rate.path("given").intValue());
    }
}
