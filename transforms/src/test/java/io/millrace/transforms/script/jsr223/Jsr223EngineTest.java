package io.millrace.transforms.script.jsr223;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptException;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptEngines;
import io.millrace.transforms.script.engine.ScriptInput;
import java.time.Duration;
import java.util.List;
import org.junit.Test;

/** An engine of javax.script that is on the class path: Groovy's. */
public class Jsr223EngineTest {
    private static final String GROOVY = "groovy";

    @Test
    public void filtersAndMaps() throws Exception {
        String source = "def filter(event) { event.minutes > 1 }\n"
                + "def map(event, context) { [title: \"${event.title.id}\", at: context.time, v: context.version, h: context.headers.h] }";
        assertThat(
                run(source, "{\"minutes\": 2, \"title\": {\"id\": \"t-1\"}}"),
                contains("{\"title\":\"t-1\",\"at\":1000,\"v\":\"v7\",\"h\":\"x\"}"));
        assertThat(run(source, "{\"minutes\": 1}"), is(empty()));
    }

    @Test
    public void makesSeveralResultsOfAnEvent() throws Exception {
        assertThat(
                run("def flatMap(event) { event.parts.collect { [part: it] } }", "{\"parts\": [1, 2.5, null]}"),
                contains("{\"part\":1}", "{\"part\":2.5}", "{\"part\":null}"));
    }

    @Test
    public void aFilterAlonePassesTheBytesOn() throws Exception {
        assertThat(run("def filter(event) { true }", "{ \"a\" : 1 }"), contains("{ \"a\" : 1 }"));
    }

    @Test
    public void saysWhatIsWrongWithTheText() {
        ScriptException failure =
                assertThrows(ScriptException.class, () -> compile(groovy("def map(event) {\n  [a: }"), limits()));
        assertThat(failure.problems().get(0).message(), containsString("Unexpected input: '}' @ line 2, column 7."));
    }

    @Test
    public void refusesAScriptWithoutTheFunction() {
        assertThat(
                assertThrows(ScriptException.class, () -> compile(groovy("def other(event) { 1 }"), limits()))
                        .getMessage(),
                is("1:1: the script must define filter, map or flatMap"));
        Script map = groovy("def filter(event) { true }").withFunction(ScriptFunction.MAP);
        assertThat(
                assertThrows(ScriptException.class, () -> compile(map, limits()))
                        .getMessage(),
                is("1:1: the script must define the function map"));
        assertThat(
                assertThrows(
                                ScriptException.class,
                                () -> compile(groovy("def map(e) { [:] }\ndef flatMap(e) { [] }"), limits()))
                        .getMessage(),
                is("1:1: the script defines both map and flatMap: function must say which is called"));
    }

    @Test
    public void anEventThatFailsCostsNoOther() throws Exception {
        CompiledScript script = compile(groovy("def map(event) { [half: event.n / 2] }"), limits());
        assertThat(texts(script.run(input("{\"n\": 3}"))), contains("{\"half\":1.5}"));
        assertThat(
                assertThrows(ScriptFailure.class, () -> script.run(input("{\"n\": \"x\"}")))
                        .reason(),
                is(Reason.SCRIPT_FAILED));
        assertThat(
                assertThrows(ScriptFailure.class, () -> script.run(input("{\"n\": ")))
                        .reason(),
                is(Reason.NOT_JSON));
        assertThat(texts(script.run(input("{\"n\": 3}"))), contains("{\"half\":1.5}"));
    }

    @Test
    public void refusesResultsOfTheWrongKind() {
        assertThat(failure("def map(event) { 5 }"), is("map must return an object"));
        assertThat(failure("def filter(event) { 5 }"), is("filter must return true or false"));
        assertThat(failure("def flatMap(event) { [a: 1] }"), is("flatMap must return a list of objects"));
        assertThat(failure("def flatMap(event) { [1] }"), is("flatMap must return a list of objects"));
        assertThat(
                failure("def map(event) { [a: new Object()] }"),
                is("a result must be made of what JSON has, but has a java.lang.Object"));
    }

    @Test
    public void holdsWhatComesOutToTheLimits() throws Exception {
        ScriptLimits two = new ScriptLimits(Duration.ofMillis(50), 2, 20, 10, 1 << 20);
        CompiledScript script = compile(groovy("def flatMap(event) { (1..event.n).collect { [i: it] } }"), two);
        assertThat(texts(script.run(input("{\"n\": 2}"))), contains("{\"i\":1}", "{\"i\":2}"));
        ScriptFailure failure = assertThrows(ScriptFailure.class, () -> script.run(input("{\"n\": 3}")));
        assertThat(failure.getMessage(), is("the script gave more than 2 results"));
        assertThat(failure.reason(), is(Reason.SCRIPT_LIMIT));
        CompiledScript large = compile(groovy("def map(event) { [text: 'x' * 20] }"), two);
        assertThat(
                assertThrows(ScriptFailure.class, () -> large.run(input("{}"))).getMessage(),
                is("the script gave more than 20 bytes"));
    }

    @Test
    public void saysWhichLanguagesThereAre() {
        assertThat(
                assertThrows(IllegalArgumentException.class, () -> ScriptEngines.of("cobol"))
                        .getMessage(),
                is(
                        "language must be one of [Groovy, groovy, javascript], but was 'cobol': another one needs its engine on the"
                                + " class path, which -Pgraaljs adds for graaljs"));
    }

    private static String failure(String source) {
        return String.valueOf(
                assertThrows(ScriptFailure.class, () -> run(source, "{}")).getMessage());
    }

    private static List<String> run(String source, String event) throws ScriptFailure {
        return texts(compile(groovy(source), limits()).run(input(event)));
    }

    private static CompiledScript compile(Script script, ScriptLimits limits) {
        return ScriptEngines.of(script.language()).compile(script, limits);
    }

    private static Script groovy(String source) {
        return new Script(GROOVY, source, null);
    }

    private static ScriptLimits limits() {
        return ScriptLimits.DEFAULT;
    }

    private static ScriptInput input(String event) {
        Headers headers = Headers.builder().add("h", "x").build();
        return new ScriptInput(
                Event.of(ResultId.of(new Origin("s", 0, 0)), null, event.getBytes(UTF_8), headers), 1000, "v7");
    }

    private static List<String> texts(List<byte[]> results) {
        return results.stream().map(one -> new String(one, UTF_8)).toList();
    }
}
