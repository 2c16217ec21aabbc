package io.millrace.transforms.script.graaljs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptException;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptEngines;
import io.millrace.transforms.script.engine.ScriptInput;
import java.util.List;
import org.junit.Test;

public class GraalJsEngineTest {
    private static final long NOON = 1_774_267_200_000L;

    @Test
    public void filtersAndMaps() throws Exception {
        String source = "const filter = event => event.minutes > 1\n"
                + "function map({title}, {time, key, headers, version}) { return {id: title?.id, time, key, headers, version} }";
        assertThat(
                run(source, "{\"minutes\": 2, \"title\": {\"id\": \"t-1\"}}"),
                contains("{\"id\":\"t-1\",\"time\":" + NOON
                        + ",\"key\":\"k\",\"headers\":{\"h\\\"\":\"x\"},\"version\":\"v7\"}"));
        assertThat(run(source, "{\"minutes\": 1}"), is(empty()));
    }

    @Test
    public void makesSeveralResultsOfAnEvent() throws Exception {
        assertThat(
                run("function flatMap(event) { return event.parts.map(part => ({part})) }", "{\"parts\": [1, null]}"),
                contains("{\"part\":1}", "{\"part\":null}"));
    }

    @Test
    public void aFilterAlonePassesTheBytesOn() throws Exception {
        assertThat(run("function filter() { return true }", "{ \"a\" : 1 }"), contains("{ \"a\" : 1 }"));
    }

    @Test
    public void itsClockIsTheEventsTimeAndItsRandomNumbersAreTheEventsOwn() throws Exception {
        String source = "function map() { return {now: Date.now(), year: new Date().getFullYear(), r: Math.random()} }";
        List<String> first = run(source, "{}");
        assertThat(first, is(run(source, "{}")));
        assertThat(first.get(0), containsString("{\"now\":" + NOON + ",\"year\":2026,\"r\":0."));
    }

    @Test
    public void saysWhereTheTextIsWrong() {
        assertThat(problem("function map(e) {\n  return {a: ;\n}"), containsString("2:14: SyntaxError"));
        assertThat(problem("function map(e) { return }}"), containsString("1:27: SyntaxError"));
        assertThat(problem("function other() {}"), is("1:1: the script must define filter, map or flatMap"));
        assertThat(
                problem("function map() {} function flatMap() {}"),
                is("1:1: the script defines both map and flatMap: function must say which is called"));
    }

    @Test
    public void anEventThatFailsCostsNoOther() throws Exception {
        CompiledScript script = compile("""
                function map(event) {
                  if (event.do === 'throw') throw {toString() { throw 1 }};
                  if (event.do === 'fail') return event.no.such;
                  if (event.do === 'loop') try { for (;;); } finally { for (;;); }
                  if (event.do === 'recurse') return map(event);
                  if (event.do === 'pollute') { leaked = 1; }
                  if (event.do === 'poison') { Object.prototype.bad = 1; }
                  if (event.do === 'java') return {a: Java.type('java.lang.System').exit(1)};
                  if (event.do === 'eval') return {a: eval('1')};
                  if (event.do === 'function') return {a: (function () {}).constructor('return 1')()};
                  if (event.do === 'number') return 5;
                  return {n: event.n, leaked: typeof leaked, bad: ({}).bad === undefined};
                }
                """);
        String good = "{\"n\":1,\"leaked\":\"undefined\",\"bad\":true}";
        for (String deed : List.of(
                "throw", "fail", "loop", "recurse", "pollute", "poison", "java", "eval", "function", "number")) {
            try {
                assertThat(deed, texts(script.run(input("{\"do\": \"" + deed + "\"}"))), not(contains(good)));
            } catch (ScriptFailure e) {
                assertThat(deed, e.reason(), is(deed.equals("loop") ? Reason.SCRIPT_LIMIT : Reason.SCRIPT_FAILED));
            }
            assertThat(deed, texts(script.run(input("{\"n\":1}"))), contains(good));
        }
        script.close();
    }

    @Test
    public void saysWhereAnEventFailed() {
        CompiledScript script = compile("function map(event) {\n  return event.no.such;\n}");
        ScriptFailure failure = assertThrows(ScriptFailure.class, () -> script.run(input("{}")));
        assertThat(failure.getMessage(), containsString("2:10: TypeError: Cannot read property 'such' of undefined"));
        assertThat(
                assertThrows(ScriptFailure.class, () -> script.run(input("{\"a\":")))
                        .reason(),
                is(Reason.NOT_JSON));
        assertThat(
                assertThrows(ScriptFailure.class, () -> script.run(input("[]"))).reason(), is(Reason.NOT_JSON));
    }

    private static String problem(String source) {
        return String.valueOf(
                assertThrows(ScriptException.class, () -> compile(source)).getMessage());
    }

    private static List<String> run(String source, String event) throws ScriptFailure {
        try (CompiledScript script = compile(source)) {
            return texts(script.run(input(event)));
        }
    }

    private static CompiledScript compile(String source) {
        return ScriptEngines.of(GraalJsEngine.LANGUAGE)
                .compile(new Script(GraalJsEngine.LANGUAGE, source, null), ScriptLimits.DEFAULT);
    }

    private static ScriptInput input(String event) {
        Headers headers = Headers.builder().add("h\"", "x").build();
        return new ScriptInput(
                Event.of(ResultId.of(new Origin("s", 0, 0)), "k".getBytes(UTF_8), event.getBytes(UTF_8), headers),
                NOON,
                "v7");
    }

    private static List<String> texts(List<byte[]> results) {
        return results.stream().map(one -> new String(one, UTF_8)).toList();
    }
}
