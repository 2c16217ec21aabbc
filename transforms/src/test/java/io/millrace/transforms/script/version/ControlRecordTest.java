package io.millrace.transforms.script.version;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

/** Control records have one text, and a text that is none is refused with all that is wrong with it. */
public class ControlRecordTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    /** Records are kept for ever: these texts must stay as they are. */
    @Test
    public void aNewVersionHasThisText() throws Exception {
        ControlRecord control = ControlRecord.ofSource("v2", "function filter(e) {\n  return e.n > 1 }", NOON, "ann")
                .withTests(List.of(
                        new ScriptTest(
                                object("{\"n\": 1.50}"),
                                "k1",
                                Map.of("trace", "t1"),
                                NOON,
                                JSON.readTree("[{\"m\":2}]")),
                        ScriptTest.of(object("{}"), NullNode.getInstance())));
        String text = "{\"id\":\"v2\",\"source\":\"function filter(e) {\\n  return e.n > 1 }\","
                + "\"effectiveFrom\":\"2026-01-31T12:00:00Z\",\"author\":\"ann\",\"tests\":["
                + "{\"event\":{\"n\":1.5},\"key\":\"k1\",\"headers\":{\"trace\":\"t1\"},\"time\":\"2026-01-31T12:00:00Z\","
                + "\"expect\":[{\"m\":2}]},{\"event\":{},\"expect\":null}]}";

        assertThat(control.toJson(), is(text));
        assertThat(ControlRecord.parse(text).toJson(), is(text));
    }

    @Test
    public void aVersionPutInForceAgainHasThisText() {
        ControlRecord control = ControlRecord.ofVersion(
                        "withdrawn-v2", "v1", NOON.plusMillis(1), ControlRecord.MILLRACE)
                .withReason("600 of 1000 events failed");
        String text = "{\"id\":\"withdrawn-v2\",\"version\":\"v1\",\"effectiveFrom\":\"2026-01-31T12:00:00.001Z\","
                + "\"author\":\"millrace\",\"reason\":\"600 of 1000 events failed\"}";

        assertThat(control.toJson(), is(text));
        assertThat(ControlRecord.parse(text), is(control));
        assertThat(control.isWithdrawal(), is(true));
    }

    @Test
    public void aReplyHasThisText() {
        ControlReply accepted = new ControlReply("v2", List.of(), NOON, "v2", "plays", "us");
        ControlReply refused = new ControlReply("v3", List.of("no", "never"), null, null, "plays", "us");

        assertThat(
                accepted.toJson(),
                is(
                        "{\"record\":\"v2\",\"outcome\":\"accepted\",\"problems\":[],\"effectiveFrom\":\"2026-01-31T12:00:00Z\","
                                + "\"version\":\"v2\",\"pipeline\":\"plays\",\"route\":\"us\"}"));
        assertThat(
                refused.toJson(),
                is(
                        "{\"record\":\"v3\",\"outcome\":\"refused\",\"problems\":[\"no\",\"never\"],\"pipeline\":\"plays\",\"route\":\"us\"}"));
        assertThat(ControlReply.parse(accepted.toJson()), is(accepted));
        assertThat(ControlReply.parse(refused.toJson()), is(refused));
    }

    @Test
    public void timesMayHaveAnOffset() {
        assertThat(effectiveFrom("2026-01-31T14:00:00.250+02:00"), is(NOON.plusMillis(250)));
    }

    @Test
    public void everyProblemIsReportedWithItsPath() {
        assertThat(
                problems(
                        "{\"id\": 7, \"sorce\": \"x\", \"effectiveFrom\": \"noon\", \"tests\": ["
                                + "{\"event\": [], \"expect\": 3},"
                                + "{\"event\": {}, \"key\": 1, \"headers\": {\"h\": 2}, \"time\": \"2026-02-30T00:00:00Z\"}, 5]}"),
                contains(
                        "sorce must be one of [author, effectiveFrom, id, reason, source, tests, version]",
                        "id must be a text, but was 7",
                        "effectiveFrom must be an RFC 3339 time, but was \"noon\"",
                        "author must be given",
                        "tests[0].event must be an object, but was []",
                        "tests[0].expect must be an object, an array of objects, null, true or false, but was 3",
                        "tests[1].expect must be given",
                        "tests[1].key must be a text, but was 1",
                        "tests[1].headers.h must be a text, but was 2",
                        "tests[1].time must be an RFC 3339 time, but was \"2026-02-30T00:00:00Z\"",
                        "tests[2] must be an object, but was 5"));
    }

    @Test
    public void whatIsNoObjectIsRefused() {
        assertThat(problems("[1]"), contains("a control record must be a JSON object, but was [1]"));
        assertThat(
                problems("{\"id\": \"a\", \"id\": \"b\"}"),
                contains("a control record must be a JSON object, but Duplicate field 'id' at 1:17"));
        assertThat(
                problems("{} {}"), contains("a control record must be a JSON object, but something follows it at 1:4"));
        assertThat(problems(""), contains("a control record must be a JSON object, but was nothing"));
    }

    @Test
    public void whatContradictsItselfIsRefused() {
        assertThat(
                problems(fields("\"id\":\"a\",\"author\":\"ann\"")),
                contains("exactly one of source and version must be given, but neither was"));
        assertThat(
                problems(fields("\"id\":\"a\",\"author\":\"ann\",\"source\":\"x\",\"version\":\"y\"")),
                contains("exactly one of source and version must be given, but both were"));
        assertThat(
                problems(fields("\"id\":\" \",\"author\":\"a\\nb\",\"source\":\" \"")),
                contains(
                        "id must be 1 to 200 printable characters, but was ' '",
                        "source must not be empty, but was ' '",
                        "author must be 1 to 1000 printable characters, but was 'a?b'"));
        assertThat(
                assertThrows(ControlRecordException.class, () -> effectiveFrom("2026-01-31T12:00:00.0001Z"))
                        .problems(),
                contains("effectiveFrom must be in whole milliseconds, but was 2026-01-31T12:00:00.000100Z"));
    }

    @Test
    public void anIdLeavesRoomForWithdrawalsOfIt() {
        String longest = "v".repeat(200);
        Instant noon = Instant.parse("2026-01-31T12:00:00Z");

        assertThat(ControlRecord.ofVersion(longest, "v1", noon, "ann").id(), is(longest));
        assertThat(
                assertThrows(
                                ControlRecordException.class,
                                () -> ControlRecord.ofVersion(longest + "v", "v1", noon, "ann"))
                        .problems(),
                contains("id must be 1 to 200 printable characters, but was '" + "v".repeat(100) + "…'"));
        assertThat(
                ControlRecord.ofVersion("withdrawn-" + longest, "v1", noon, ControlRecord.MILLRACE)
                        .isWithdrawal(),
                is(true));
    }

    @Test
    public void testsAreReadByThemselves() {
        assertThat(ControlRecord.parseTests("[]"), is(empty()));
        assertThat(
                assertThrows(ControlRecordException.class, () -> ControlRecord.parseTests("{}"))
                        .problems(),
                contains("tests must be an array, but was {}"));
    }

    @Test
    public void theIdIsKnownOfWhatIsNoRecordOtherwise() {
        assertThat(ControlRecord.idOf("{\"id\": \"v1\", \"x\": 1}"), is(Optional.of("v1")));
        assertThat(ControlRecord.idOf("{\"id\": 1}"), is(Optional.empty()));
        assertThat(ControlRecord.idOf("v1"), is(Optional.empty()));
        assertThat(ControlRecord.idOf(""), is(Optional.empty()));
    }

    private static Instant effectiveFrom(String text) {
        return ControlRecord.parse(
                        "{\"id\":\"a\",\"version\":\"b\",\"author\":\"ann\",\"effectiveFrom\":\"" + text + "\"}")
                .effectiveFrom();
    }

    private static String fields(String fields) {
        return "{" + fields + ",\"effectiveFrom\":\"2026-01-31T12:00:00Z\"}";
    }

    private static List<String> problems(String json) {
        return assertThrows(ControlRecordException.class, () -> ControlRecord.parse(json))
                .problems();
    }

    private static ObjectNode object(String json) throws Exception {
        return (ObjectNode) JSON.readTree(json);
    }
}
