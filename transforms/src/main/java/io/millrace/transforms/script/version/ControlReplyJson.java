package io.millrace.transforms.script.version;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Replies as JSON. */
final class ControlReplyJson {
    private static final Set<String> FIELDS =
            Set.of("record", "outcome", "problems", "effectiveFrom", "version", "pipeline", "route");

    private ControlReplyJson() {}

    static ControlReply read(String json) {
        List<String> problems = new ArrayList<>();
        JsonFields fields = JsonFields.ofText("a reply", json, FIELDS, problems);
        String control = fields.text("record");
        fields.text("outcome"); // follows from the problems
        List<String> refusal = fields.textList("problems");
        Instant effectiveFrom = fields.optionalTime("effectiveFrom");
        String version = fields.optionalText("version");
        ControlReply reply = new ControlReply(
                control, refusal, effectiveFrom, version, fields.text("pipeline"), fields.text("route"));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return reply;
    }

    static String write(ControlReply reply) {
        ObjectNode json = JsonFields.object();
        json.put("record", reply.record());
        json.put("outcome", reply.isAccepted() ? "accepted" : "refused");
        reply.problems().forEach(json.putArray("problems")::add);
        if (reply.effectiveFrom() != null) {
            json.put("effectiveFrom", reply.effectiveFrom().toString());
        }
        if (reply.version() != null) {
            json.put("version", reply.version());
        }
        json.put("pipeline", reply.pipeline());
        json.put("route", reply.route());
        return json.toString();
    }
}
