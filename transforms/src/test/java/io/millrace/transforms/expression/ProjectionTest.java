package io.millrace.transforms.expression;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class ProjectionTest {
    private static final Events PLAY = Events.document("""
            {"id": "p\\u0031", "s": 90, "big": 12345678901234567890123, "d": 1.50, "geo": { "country": "US" , "city": null},
             "list": [ 1 , {"a": 2} ], "t": true}""");

    @Test
    public void writesComputedFieldsInOrder() throws EvaluationException {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("profile_id", "event.id");
        fields.put("minutes", "event.s / 60.0");
        fields.put("a \"quoted\" name", "[event.s, event.s * 2]");
        assertThat(
                PLAY.projected(Projection.of(fields)),
                is("{\"profile_id\":\"p\\u0031\",\"minutes\":1.5,\"a \\\"quoted\\\" name\":[90,180]}"));
    }

    @Test
    public void copiesTheTextOfFields() throws EvaluationException {
        assertThat(PLAY.value("event.big"), is("12345678901234567890123"));
        assertThat(PLAY.value("event.d"), is("1.50"));
        assertThat(PLAY.value("event.geo"), is("{ \"country\": \"US\" , \"city\": null}"));
        assertThat(PLAY.value("event.t ? event.d : event.s"), is("1.50"));
        assertThat(PLAY.value("event.list[1].a"), is("2"));
    }

    @Test
    public void writesEveryTypeAsJson() throws EvaluationException {
        assertThat(PLAY.value("event.d + 1.0"), is("2.5"));
        assertThat(PLAY.value("-9223372036854775807 - 1"), is("-9223372036854775808"));
        assertThat(PLAY.value("18446744073709551615u"), is("18446744073709551615"));
        assertThat(PLAY.value("2.0e23"), is("2.0E23"));
        assertThat(PLAY.value("'\"\\\\\\n\\u0001é😀'"), is("\"\\\"\\\\\\n\\u0001é😀\""));
        assertThat(PLAY.value("[true, null, {'a': 1u}]"), is("[true,null,{\"a\":1}]"));
        assertThat(PLAY.value("b'\\xff\\x00'"), is("\"/wA=\""));
        assertThat(PLAY.value("timestamp('2026-01-02T03:04:05.5+01:00')"), is("\"2026-01-02T02:04:05.500Z\""));
        assertThat(PLAY.value("duration('-3.5s')"), is("\"-3.500s\""));
    }

    @Test
    public void failsOnWhatJsonCannotHold() {
        assertThat(failure("event.s / 0.0"), is("a number that is not finite"));
        assertThat(failure("[event.s / 0.0]"), is("a number that is not finite"));
        assertThat(failure("{event.s: 1}"), is("JSON has no map with a key of type int"));
    }

    @Test
    public void keepsFieldsWhereTheyWere() throws EvaluationException {
        assertThat(
                PLAY.projected(Projection.keeping(List.of("id", "geo.country", "nothing", "geo.x", "s.x", "t"))),
                is("{\"id\":\"p\\u0031\",\"geo\":{\"country\":\"US\"},\"t\":true}"));
        assertThat(PLAY.projected(Projection.keeping(List.of("x.y.z"))), is("{}"));
        assertThat(PLAY.projected(Projection.keeping(List.of("geo.city"))), is("{\"geo\":{\"city\":null}}"));
    }

    @Test
    public void refusesConflictingPaths() {
        assertThat(
                refusal(() -> Projection.keeping(List.of("geo.country", "a", "geo", "a", "b..c"))),
                is("1:1: 'geo.country' is already kept with 'geo'; 1:1: 'a' is there twice; "
                        + "1:1: 'b..c' is no path of field names"));
        assertThat(refusal(() -> Projection.keeping(List.of())), is("1:1: a projection must keep a field"));
    }

    @Test
    public void reportsTheProblemsOfAllFields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("a", "evnt.x");
        fields.put("b", "event.x +");
        fields.put("c", "type(event.x)");
        assertThat(
                refusal(() -> Projection.of(fields)).replaceAll("expecting .*?}", "..."),
                is("1:1: a: undeclared reference to 'evnt'; 1:10: b: mismatched input '<EOF>' ...; "
                        + "1:5: c: must be a value that JSON can hold, but was type"));
    }

    private static String failure(String expression) {
        return assertThrows(EvaluationException.class, () -> PLAY.value(expression))
                .getMessage();
    }

    private static String refusal(org.junit.function.ThrowingRunnable making) {
        return assertThrows(ExpressionException.class, making).getMessage();
    }
}
