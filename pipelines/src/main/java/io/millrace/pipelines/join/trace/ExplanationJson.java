package io.millrace.pipelines.join.trace;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.transforms.joiner.Trace;
import java.util.List;

/** The explanation of a key as a JSON document. */
public final class ExplanationJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ExplanationJson() {}

    /** The document, indented. */
    public static String of(String join, KeyExplanation explanation) {
        ObjectNode json = JSON.createObjectNode().put("join", join).put("key", explanation.key());
        ArrayNode traces = json.putArray("traces");
        explanation.traces().forEach(trace -> traces.add(trace(trace)));
        ArrayNode rights = json.putArray("rights");
        explanation.rights().forEach(right -> rights.add(right(right)));
        ArrayNode nobodys = json.putArray("givenToNone");
        explanation.nobodys().forEach(one -> nobodys.add(notGiven(one, true)));
        return json.toPrettyString();
    }

    private static ObjectNode trace(Trace trace) {
        ObjectNode json = JSON.createObjectNode()
                .put("at", Words.time(trace.at().getMillis()))
                .put("step", Words.word(trace.step()))
                .put("side", Words.word(trace.side()))
                .put("time", Words.time(trace.time().getMillis()))
                .put("id", trace.id())
                .put("watermark", Words.time(trace.watermark().getMillis()));
        ArrayNode lefts = json.putArray("lefts");
        trace.lefts().forEach(left -> lefts.add(Words.time(left.getMillis())));
        return json;
    }

    private static ObjectNode right(RightEvent right) {
        ObjectNode json = event(right.event()).put("outcome", right.outcome());
        fixes(right.fixes(), json);
        ArrayNode given = json.putArray("given");
        right.given().forEach(left -> given.add(event(left)));
        right.untold().forEach(time -> given.addObject().put("time", Words.time(time)));
        ArrayNode notGiven = json.putArray("notGiven");
        right.notGiven().forEach(one -> notGiven.add(notGiven(one, false)));
        return json;
    }

    private static ObjectNode notGiven(NotGiven one, boolean withRight) {
        ObjectNode json = event(one.left());
        ToldEvent right = one.right();
        if (withRight && right != null) {
            json.set("nearest", event(right));
        }
        json.put("why", one.why());
        fixes(one.fixes(), json);
        return json;
    }

    private static void fixes(List<Fix> fixes, ObjectNode json) {
        if (!fixes.isEmpty()) {
            ObjectNode wouldHave = json.putObject("wouldHave");
            fixes.forEach(fix -> wouldHave.put(fix.setting(), fix.value()));
        }
    }

    private static ObjectNode event(ToldEvent event) {
        return JSON.createObjectNode()
                .put("time", Words.time(event.time()))
                .put("id", event.id())
                .put("fate", Words.word(event.fate()))
                .put("arrivals", event.arrivals());
    }
}
