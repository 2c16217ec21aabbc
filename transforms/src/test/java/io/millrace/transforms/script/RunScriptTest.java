package io.millrace.transforms.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.testfixtures.Counters;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.RouteMetrics;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Reify;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.Rule;
import org.junit.Test;

public class RunScriptTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Script MINUTES = Script.javascript("""
            function filter(event) { return event.duration_s > 60 }
            function map(event) { return { title: event.title, minutes: event.duration_s / 60 } }
            """);
    private static final Script PARTS =
            Script.javascript("function flatMap(event) { return event.parts.map(part => ({ part: part })) }");

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    @Test
    public void givesWhatTheScriptMakesWithTheKeyAndHeadersOfItsEvent() {
        Scripted scripted = run(
                RunScript.of(MINUTES),
                play(0, "{\"title\":\"t-1\",\"duration_s\":90}"),
                play(1, "{\"title\":\"t-2\",\"duration_s\":30}"));

        PAssert.that(scripted.results()).containsInAnyOrder(result(0, 0, "{\"title\":\"t-1\",\"minutes\":1.5}"));
        PAssert.that(scripted.deadLetters()).empty();
        pipeline.run();
    }

    @Test
    public void numbersTheResultsOfAnEvent() {
        Scripted scripted = run(RunScript.of(PARTS), play(7, "{\"parts\":[\"a\",\"b\"]}"), play(8, "{\"parts\":[]}"));

        PAssert.that(scripted.results())
                .containsInAnyOrder(result(7, 0, "{\"part\":\"a\"}"), result(7, 1, "{\"part\":\"b\"}"));
        assertThat(counters(pipeline.run()), is(Map.of("added", 1L, "filtered", 1L)));
    }

    @Test
    public void passesTimestampsOn() {
        PAssert.that(run(RunScript.of(MINUTES), play(3, "{\"title\":\"t-1\",\"duration_s\":120}"))
                        .results()
                        .apply(Reify.timestamps()))
                .containsInAnyOrder(TimestampedValue.of(
                        result(3, 0, "{\"title\":\"t-1\",\"minutes\":2}"), NOON.plus(Duration.standardSeconds(3))));
        pipeline.run();
    }

    @Test
    public void givesUpWhatTheScriptCannotProcessAndGoesOn() {
        Event poison = play(1, "{\"parts\":null}");
        Event broken = play(2, "{\"parts\":");
        Event tombstone = Event.of(origin(3), bytes("k"), null);
        Scripted scripted = run(
                RunScript.of(PARTS), play(0, "{\"parts\":[1]}"), poison, broken, tombstone, play(4, "{\"parts\":[1]}"));

        PAssert.that(scripted.results()).containsInAnyOrder(result(0, 0, "{\"part\":1}"), result(4, 0, "{\"part\":1}"));
        PAssert.that(scripted.deadLetters()).satisfies(letters -> {
            Map<Long, String> reasons = new TreeMap<>();
            letters.forEach(letter -> reasons.put(
                    letter.event().id().origin().offset(),
                    letter.route() + " " + letter.step() + " " + letter.reason().text() + " " + letter.eventTime()));
            assertThat(
                    reasons.values(),
                    contains(
                            "script script scriptFailed 2026-03-01T12:00:01.000Z",
                            "script script notJson 2026-03-01T12:00:02.000Z",
                            "script script noValue 2026-03-01T12:00:03.000Z"));
            return null;
        });
        assertThat(
                counters(pipeline.run()),
                is(Map.of(
                        "dead_lettered",
                        3L,
                        "dead_lettered_by.scriptFailed",
                        1L,
                        "dead_lettered_by.notJson",
                        1L,
                        "dead_lettered_by.noValue",
                        1L,
                        "in_flight",
                        -3L)));
    }

    @Test
    public void anEventThatUsesTooMuchIsADeadLetterOfItsOwn() {
        Script greedy = Script.javascript(
                "function flatMap(event) { for (;event.loop;); return Array.from({length: event.n}, (_, i) => ({i})) }");
        ScriptLimits two = new ScriptLimits(java.time.Duration.ofMillis(50), 2, 1_000, 100, 1 << 24);
        Scripted scripted = run(
                RunScript.of(greedy).withLimits(two).ofRoute("plays", "numbers"),
                play(0, "{\"n\":1}"),
                play(1, "{\"n\":3}"),
                play(2, "{\"loop\":true}"),
                play(3, "{\"n\":1}"));

        PAssert.that(scripted.results())
                .containsInAnyOrder(result("numbers", 0, 0, "{\"i\":0}"), result("numbers", 3, 0, "{\"i\":0}"));
        PAssert.that(scripted.deadLetters()).satisfies(letters -> {
            Map<Long, Reason> reasons = new TreeMap<>();
            letters.forEach(letter -> reasons.put(letter.event().id().origin().offset(), letter.reason()));
            assertThat(reasons, is(Map.of(1L, Reason.SCRIPT_LIMIT, 2L, Reason.SCRIPT_LIMIT)));
            return null;
        });
        pipeline.run();
    }

    @Test
    public void aResultsDeadLetterIsItsOwn() {
        ResultId third = ResultId.of(origin(5)).madeBy("numbers", 2);

        assertThat(DeadLetter.idOf(third, "numbers").toString(), is("plays:0:5;numbers/dead-letter;2"));
    }

    @Test
    public void refusesAScriptThatDoesNotCompile() {
        ScriptException failure = assertThrows(
                ScriptException.class, () -> RunScript.of(Script.javascript("function map(event) {\n  }}")));

        assertThat(failure.problems().get(0).line(), is(2));
    }

    @Test
    public void refusesALanguageThatIsNotThere() {
        assertThrows(IllegalArgumentException.class, () -> RunScript.of(new Script("cobol", "STOP RUN.", null)));
    }

    @Test
    public void aScriptsVersionIsItsTexts() {
        assertThat(
                MINUTES.version(), is(MINUTES.withFunction(ScriptFunction.MAP).version()));
        assertThat(Script.javascript("function map(e) { return e }").version(), is("ad8d6b16a099cf45"));
    }

    private Scripted run(RunScript script, Event... events) {
        return pipeline.apply(Create.timestamped(Stream.of(events)
                                .map(event -> TimestampedValue.of(
                                        event,
                                        NOON.plus(Duration.standardSeconds(
                                                event.id().origin().offset()))))
                                .toList())
                        .withCoder(EventCoder.of()))
                .apply(script);
    }

    private static Event play(long offset, String value) {
        return Event.of(ResultId.of(origin(offset)), bytes("k"), bytes(value), headers());
    }

    private static Event result(long offset, int ordinal, String value) {
        return result("script", offset, ordinal, value);
    }

    private static Event result(String step, long offset, int ordinal, String value) {
        return Event.of(ResultId.of(origin(offset)).madeBy(step, ordinal), bytes("k"), bytes(value), headers());
    }

    private static Headers headers() {
        return Headers.builder().add("trace", "7").build();
    }

    private static Origin origin(long offset) {
        return new Origin("plays", 0, offset);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Map<String, Long> counters(PipelineResult result) {
        return Counters.of(result, RouteMetrics.namespace("script", "script"));
    }
}
