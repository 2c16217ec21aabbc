package io.millrace.transforms.script.rhino;

import static io.millrace.transforms.script.rhino.Scripts.ID;
import static io.millrace.transforms.script.rhino.Scripts.NOON;
import static io.millrace.transforms.script.rhino.Scripts.PATIENT;
import static io.millrace.transforms.script.rhino.Scripts.compiled;
import static io.millrace.transforms.script.rhino.Scripts.failure;
import static io.millrace.transforms.script.rhino.Scripts.input;
import static io.millrace.transforms.script.rhino.Scripts.result;
import static io.millrace.transforms.script.rhino.Scripts.run;
import static io.millrace.transforms.script.rhino.Scripts.texts;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.Test;

public class RhinoEngineTest {
    private static final String PLAY =
            "{\"title\":{\"id\":\"t-7\",\"name\":\"Ein \\\"Stück\\\" \uD83D\uDE00\"},\"seconds\":90,\"tags\":[\"a\",1.50,null]}";

    @Test
    public void filterKeepsTheEventsOwnBytes() throws Exception {
        CompiledScript script = compiled("function filter(e) { return e.seconds > 60 }");
        ScriptInput kept = input(" { \"seconds\" : 61.0 } ");

        assertThat(script.run(kept).get(0), sameInstance(kept.event().value()));
        assertThat(run(script, "{\"seconds\":60}"), empty());
    }

    @Test
    public void mapMakesOneObject() throws Exception {
        assertThat(
                run(compiled("function map(e) { return {id: e.title.id, minutes: e.seconds / 60} }"), PLAY),
                contains("{\"id\":\"t-7\",\"minutes\":1.5}"));
    }

    @Test
    public void flatMapMakesSeveralObjectsOrNone() throws Exception {
        CompiledScript script = compiled("function flatMap(e) { return e.tags.map((tag, i) => ({i, tag})) }");

        assertThat(
                run(script, PLAY),
                contains("{\"i\":0,\"tag\":\"a\"}", "{\"i\":1,\"tag\":1.5}", "{\"i\":2,\"tag\":null}"));
        assertThat(run(script, "{\"tags\":[]}"), empty());
    }

    @Test
    public void filterComesBeforeMap() throws Exception {
        CompiledScript script = compiled(
                "const filter = e => e.n > 1; const map = e => { if (e.n < 2) { throw 'asked'; } return {n: e.n}; };");

        assertThat(run(script, "{\"n\":1}"), empty());
        assertThat(run(script, "{\"n\":2}"), contains("{\"n\":2}"));
    }

    @Test
    public void aConstantOfALoopIsTheRoundsOwn() throws Exception {
        CompiledScript script = compiled("""
                const factor = 10;
                function map(e) {
                  const all = [];
                  for (let i = 0; i < 3; i++) { const x = i * factor; all.push(x); }
                  for (const n of e.tags) { const y = n + '!'; all.push(y); }
                  for (const name in {a: 1, b: 2}) { all.push(name); }
                  let left = 2;
                  while (left > 0) { const z = left--; all.push(z); }
                  e.tags.forEach(tag => { const t = tag; all.push(t); });
                  return {all};
                }
                """);

        assertThat(
                run(script, "{\"tags\":[\"p\",\"q\"]}"),
                contains("{\"all\":[0,10,20,\"p!\",\"q!\",\"a\",\"b\",2,1,\"p\",\"q\"]}"));
    }

    @Test
    public void aVariableBeginsAnewInEachRound() throws Exception {
        CompiledScript script = compiled("""
                function map(e) {
                  const last = [], sums = [], all = [], arrays = [];
                  for (const row of e.rows) {
                    let found;
                    if (row.v > 1) found = row.k;
                    last.push(found === undefined ? 'none' : found);
                    const {v = 0, w: {deep = 'd'} = {}} = row;
                    sums.push(v, deep);
                    const [first = 'x', second = 'y'] = row.list;
                    arrays.push(first + second);
                  }
                  for (let i = 0; i < 3; i++) { let acc; if (!acc) acc = [i]; else acc.push(i); all.push(acc); }
                  var v = 'was'; var {v = 'default'} = {};
                  return {last, sums, arrays, all, v};
                }
                """);

        assertThat(
                run(
                        script,
                        "{\"rows\":[{\"k\":\"p\",\"v\":2,\"list\":[1]},{\"k\":\"q\",\"list\":[]},"
                                + "{\"k\":\"r\",\"v\":5,\"w\":{\"deep\":7},\"list\":[3,4]}]}"),
                contains("{\"last\":[\"p\",\"none\",\"r\"],\"sums\":[2,\"d\",0,\"d\",5,7],"
                        + "\"arrays\":[\"1y\",\"xy\",7],\"all\":[[0],[1],[2]],\"v\":\"default\"}"));
    }

    @Test
    public void aFunctionKeepsTheVariablesOfItsRoundOfALoop() throws Exception {
        CompiledScript script = compiled("""
                const top = [];
                for (const t of [1, 2]) top.push(() => t);
                function map(e) {
                  const made = top.slice();
                  for (const n of e.list) made.push(() => n);
                  for (const n of e.list) { const twice = 2 * n; made.push(() => n + twice); }
                  for (const [k, v] of Object.entries(e.map)) { if (v > 1) continue; made.push(() => k + v); }
                  for (const {a, b: [c]} of e.rows) { made.push(() => { const f = () => a + c; return f(); }); }
                  for (let k in e.map) if (k !== 'z') { const f = () => k; made.push(f); } else made.push(() => k + '!');
                  for (let i = 0, j = 5; i < 3; i++, j--) { if (i === 1) continue; made.push(() => i * 10 + j); }
                  outer: for (let i = 0; i < 3; i++) {
                    for (let i of 'ab') { if (i === 'b') continue outer; made.push(() => i); }
                  }
                  let n = 0;
                  while (n < 2) { const m = n++; made.push(() => m); }
                  do { const m = n--; made.push(() => m); } while (n > 0);
                  for (const s of [1, 2]) switch (s) { case 1: let o = 'one'; default: made.push(() => [s, o].join()); }
                  for (let r of e.list) { r = r + 1; made.push(() => r); r *= 2; }
                  for (var shared of e.list) made.push(() => shared);
                  for (const x of e.list) { const y = e.list.filter(x => x > 1).map(y => y + x); made.push(() => y.join()); }
                  for (const g of e.list) { function named() { return g; } made.push(named); }
                  for (const s of e.list) { made.push({get s() { return s; }}, {m() { return s; }}); }
                  for (const n of numbers(e.list)) made.push(() => n);
                  try { for (const t of e.list) { made.push(() => t); if (t > 1) throw t; } } catch (t) { made.push(() => t + '?'); }
                  return {all: made.map(one => typeof one === 'function' ? one() : 'm' in one ? one.m() : one.s)};
                }
                function* numbers(list) { for (const n of list) { const f = () => n + 0.5; yield f(); } }
                """);

        assertThat(
                run(
                        script,
                        "{\"list\":[1,2],\"map\":{\"x\":1,\"y\":2,\"z\":0},\"rows\":[{\"a\":1,\"b\":[2]},{\"a\":3,\"b\":[4]}]}"),
                contains("{\"all\":[1,2,1,2,3,6,\"x1\",\"z0\",3,7,\"x\",\"y\",\"z!\",5,23,\"a\",\"a\",\"a\",0,1,2,1,"
                        + "\"1,one\",\"2,\",4,6,2,2,\"3\",\"4\",1,2,1,1,2,2,1.5,2.5,1,2,\"2?\"]}"));
    }

    @Test
    public void aMemberMayHaveTheNameOfAKeyword() throws Exception {
        assertThat(
                run(
                        compiled("function map(e) { const o = {const: 1}; o.const++; o.let = e.const; return o }"),
                        "{\"const\":5,\"let\":7}"),
                contains("{\"const\":2,\"let\":5}"));
    }

    @Test
    public void aCatchMayNameNothing() throws Exception {
        assertThat(
                run(compiled("function map(e) { try { return e.x.y } catch { return {caught: true} } }"), "{}"),
                contains("{\"caught\":true}"));
    }

    @Test
    public void aResultIsNoDeeperThanAnEventMayBe() throws Exception {
        CompiledScript script =
                compiled("function map(e) { let o = e.x; for (let i = 0; i < e.n; i++) o = {o: o}; return {o} }");
        String deep = "{\"a\":".repeat(400) + "\"}]\\\"{\"" + "}".repeat(400);

        assertThat(
                run(script, "{\"n\":111,\"x\":" + deep + "}"),
                contains("{\"o\":".repeat(112) + deep + "}".repeat(112)));
        ScriptFailure failure = assertThrows(ScriptFailure.class, () -> run(script, "{\"n\":112,\"x\":" + deep + "}"));
        assertThat(failure.getMessage(), is("map gave more than 512 levels"));
    }

    @Test
    public void aLargeEventHasAsMuchMoreTime() throws Exception {
        CompiledScript endless = Scripts.compiled(
                Script.javascript("function map(e) { while (e.points) {} return e }"), ScriptLimits.DEFAULT);
        for (int beginning = 0; beginning < 3; beginning++) {
            run(endless, "{}");
        }

        assertThat(failure(endless, points(1)).getMessage(), is("line 1: it took more than 50 ms"));
        assertThat(failure(endless, points(60_000)).getMessage(), is("line 1: it took more than 300 ms"));
    }

    private static String points(int number) {
        return "{\"points\":[" + String.join(",", Collections.nCopies(number, "[1,2]")) + "]}";
    }

    @Test
    public void theNamedFunctionAloneIsCalled() throws Exception {
        Script script = Script.javascript("function filter(e) { return false } function map(e) { return {n: 1} } "
                        + "function flatMap(e) { return [{n: 2}] }")
                .withFunction(ScriptFunction.FLAT_MAP);

        assertThat(run(compiled(script, PATIENT), "{}"), contains("{\"n\":2}"));
    }

    @Test
    public void aFunctionIsToldOfTheEventByItsContext() throws Exception {
        assertThat(
                result("context", "{}"),
                is("{\"time\":" + NOON
                        + ",\"key\":\"key-1\",\"headers\":{\"trace\":\"last\",\"empty\":null},\"version\":\"v7\"}"));
        assertThat(
                result("[context.headers.trace, context.headers.none, Object.keys(context), 'key' in context]", "{}"),
                is("[\"last\",null,[\"time\",\"key\",\"headers\",\"version\"],true]"));
        CompiledScript script = compiled("function map(e, c) { return {time: c.time, key: c.key} }");
        Event bare = Event.of(ID, null, "{}".getBytes(UTF_8), Headers.empty());
        assertThat(
                texts(script.run(new ScriptInput(bare, ScriptInput.NO_TIMESTAMP, "v"))),
                contains("{\"time\":null,\"key\":null}"));
    }

    @Test
    public void aKeyThatIsNoTextFailsWhereItIsRead() throws Exception {
        Headers headers = Headers.builder().add("bad", new byte[] {(byte) 0xff}).build();
        ScriptInput binary =
                new ScriptInput(Event.of(ID, new byte[] {(byte) 0xff}, "{}".getBytes(UTF_8), headers), NOON, "v");

        assertThat(
                texts(compiled("function map(e, c) { return {v: c.version} }").run(binary)), contains("{\"v\":\"v\"}"));
        ScriptFailure key = assertThrows(
                ScriptFailure.class,
                () -> compiled("function map(e, c) {\n return {k: c.key} }").run(binary));
        assertThat(key.getMessage(), is("line 2: TypeError: the event's key is not UTF-8"));
        ScriptFailure header = assertThrows(
                ScriptFailure.class,
                () -> compiled("function map(e, c) { return {k: c.headers.bad} }")
                        .run(binary));
        assertThat(header.getMessage(), is("line 1: TypeError: the header bad is not UTF-8"));
    }

    @Test
    public void untouchedPartsAreCopiedAsTheyStand() throws Exception {
        String odd =
                "{\"big\":12345678901234567890.10,\"e\":1E+2,\"s\":\"\\u0041\\/\", \"in\" : { \"x\":1.0 , \"x\":[ 1.0 ] },\"l\":[1.0,{\"y\":2.50 }],\"b\":1.0}";

        assertThat(run(compiled("function map(e) { return e }"), odd), contains(odd));
        assertThat(
                run(compiled("function map(e) { if (e.in.x) { return e } }"), odd),
                contains(
                        "{\"big\":12345678901234567890.10,\"e\":1E+2,\"s\":\"\\u0041\\/\",\"in\":{\"x\":[1.0]},\"l\":[1.0,{\"y\":2.50 }],\"b\":1.0}"));
        assertThat(
                run(compiled("function map(e) { e.b = 2; e.l[1].z = 1; return e }"), odd),
                contains(
                        "{\"big\":12345678901234567890.10,\"e\":1E+2,\"s\":\"\\u0041\\/\",\"in\":{ \"x\":1.0 , \"x\":[ 1.0 ] },"
                                + "\"l\":[1.0,{\"y\":2.50,\"z\":1}],\"b\":2}"));
        assertThat(
                run(compiled("function map(e) { return {in: e.in, big: e.big} }"), odd),
                contains("{\"in\":{ \"x\":1.0 , \"x\":[ 1.0 ] },\"big\":12345678901234567000}"));
        assertThat(run(compiled("function flatMap(e) { return e.l.slice(1) }"), odd), contains("{\"y\":2.50 }"));
    }

    @Test
    public void theLastOfARepeatedNameCounts() throws Exception {
        assertThat(result("[event.a, Object.keys(event)]", "{\"a\":1,\"b\":2,\"a\":3}"), is("[3,[\"a\",\"b\"]]"));
    }

    @Test
    public void numbersAreThoseOfJavaScript() throws Exception {
        assertThat(
                result(
                        "[event.a + 0, event.b + 0, event.c + 0, 0.1 + 0.2, 1e21, 1e-7, -0, 123456789012345680000, NaN, 1 / 0]",
                        "{\"a\":12345678901234567890,\"b\":1.0,\"c\":-0}"),
                is("[12345678901234567000,1,0,0.30000000000000004,1e+21,1e-7,0,123456789012345680000,null,null]"));
        assertThat(
                result(
                        "[event.a, event.b, event.c, event.d, event.e].map(x => x * 1)",
                        "{\"a\":999999999,\"b\":2147483648,\"c\":-999999999,\"d\":0.1e1,\"e\":1e400}"),
                is("[999999999,2147483648,-999999999,1,null]"));
    }

    @Test
    public void textsAreWrittenAsJsonHasThem() throws Exception {
        assertThat(
                result("'\"\\\\\\b\\f\\n\\r\\t\\u0001\\u007f\\u2028é\\ud83d\\ude00\\ud83d x\\ude00'", "{}"),
                is("\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\u007f\u2028é\uD83D\uDE00\\ud83d x\\ude00\""));
        assertThat(result("event.t + '!'", "{\"t\":\"\\ud83d\\u00e9\\\"\"}"), is("\"\\ud83dé\\\"!\""));
        assertThat(result("event['é\\u0001']", "{\"\\u00e9\\u0001\":\"x\"}"), is("\"x\""));
    }

    @Test
    public void valuesThatJsonLacksAreLeftOut() throws Exception {
        assertThat(
                result(
                        "{a: undefined, b: () => 1, c: Symbol('x'), [Symbol('d')]: 1, e: [undefined, () => 1, Symbol('x')], "
                                + "f: new Date(0), g: {toJSON(k) { return k + '!' }}, h: new Map([[1, 2]]), i: /x/, j: new Number(3), "
                                + "k: new String('s'), l: new Boolean(false), m: Object.create({inherited: 1}), n: [1, , 3]}",
                        "{}"),
                is("{\"e\":[null,null,null],\"f\":\"1970-01-01T00:00:00.000Z\",\"g\":\"g!\",\"h\":{},\"i\":{},\"j\":3,"
                        + "\"k\":\"s\",\"l\":false,\"m\":{},\"n\":[1,null,3]}"));
    }

    @Test
    public void theLanguageIsThere() throws Exception {
        assertThat(
                result(
                        "(() => { const {a, b: [c, d = 4], ...none} = {a: 1, b: [2]}; return [a, c, d]; })()"
                                .replace(", ...none", ""),
                        "{}"),
                is("[1,2,4]"));
        assertThat(
                result(
                        "[`${1 + 1}x`, [...'ab', ...[1]], {...event, b: 2}, event?.x?.y, event.x ?? 'none', 2 ** 10]",
                        "{\"a\":1}"),
                is("[\"2x\",[\"a\",\"b\",1],{\"a\":1,\"b\":2},null,\"none\",1024]"));
        assertThat(
                result(
                        "[new Map([['a', 1]]).get('a'), [...new Set([1, 1, 2])], 'a-b'.replace(/(.)-(.)/, '$2-$1'), /(?<y>\\d+)/.exec('a12').groups.y]",
                        "{}"),
                is("[1,[1,2],\"b-a\",\"12\"]"));
        assertThat(
                result(
                        "(() => { function* g() { yield 1; yield* [2, 3]; } let s = 0; for (let x of g()) { s += x; } "
                                + "function P(n) { this.n = n; } P.prototype.twice = function () { return 2 * this.n; }; return [s, new P(4).twice()]; })()",
                        "{}"),
                is("[6,8]"));
        assertThat(
                result("[3, 1, 2].sort().concat([10, 9].sort((a, b) => a - b)).map(x => x.toFixed(1)).join('|')", "{}"),
                is("\"1.0|2.0|3.0|9.0|10.0\""));
        assertThat(
                result(
                        "(() => { 'use strict'; try { undeclared = 1; } catch (e) { return e instanceof ReferenceError; } })()",
                        "{}"),
                is("true"));
        assertThat(
                result(
                        "[typeof globalThis, globalThis.Math === Math, typeof Function, (() => 1) instanceof Function, typeof Symbol.iterator]",
                        "{}"),
                is("[\"object\",true,\"function\",true,\"symbol\"]"));
    }

    @Test
    public void inheritedPropertiesCanBeOverridden() throws Exception {
        assertThat(
                result(
                        "(() => { const o = {}; o.toString = () => 'mine'; o.constructor = 1; o.hasOwnProperty = 2; const a = []; a.map = 3; "
                                + "function f() {} f.call = 4; return [String(o), o.constructor, o.hasOwnProperty, a.map, f.call]; })()",
                        "{}"),
                is("[\"mine\",1,2,3,4]"));
        assertThat(
                run(compiled("var Math = {pi: 3}; function map(e) { return {r: Math.pi} }"), "{}"),
                contains("{\"r\":3}"));
    }

    @Test
    public void timeIsTheEventsAndItsZoneUtc() throws Exception {
        assertThat(
                result(
                        "[Date.now(), new Date().toISOString(), new Date().getHours(), new Date().getTimezoneOffset(), new Date(0).toString()]",
                        "{}"),
                is("[" + NOON + ",\"2026-11-25T12:00:00.000Z\",12,0,\"Thu Jan 01 1970 00:00:00 GMT-0000 (UTC)\"]"));
        Event event = input("{}").event();
        ScriptFailure failure = assertThrows(
                ScriptFailure.class,
                () -> compiled("function map(e) {\n return {now: Date.now()} }")
                        .run(new ScriptInput(event, ScriptInput.NO_TIMESTAMP, "v")));
        assertThat(failure.getMessage(), is("line 2: TypeError: the event has no time"));
    }

    @Test
    public void randomNumbersAreTheEventsOwn() throws Exception {
        String source = "function map(e) { return {r: [Math.random(), Math.random(), Math.random()]} }";
        List<String> first = run(compiled(source), "{}");

        assertThat(run(compiled(source), "{\"other\":1}"), is(first));
        assertThat(texts(compiled(source).run(input(ID.madeBy("other"), "{}".getBytes(UTF_8)))), not(is(first)));
        assertThat(
                result("[...Array(1000)].every(() => { const r = Math.random(); return r >= 0 && r < 1; })", "{}"),
                is("true"));
    }

    @Test
    public void anEventThatIsNoJsonObjectIsNotJson() {
        CompiledScript script = compiled("function map(e) { return {} }");

        assertNotJson(script, "", "the document ends too early at byte 0");
        assertNotJson(script, "[1]", "the document is no object");
        assertNotJson(script, "{\"a\":1} x", "unexpected byte after the document at 8");
        assertNotJson(script, "{\"a\":01}", "a number begins with 0 at byte 5");
        assertNotJson(script, "{\"a\":\"\\x\"}", "an unknown escape at byte 7");
        assertNotJson(script, "{\"a\":[1,]}", "no JSON value at byte 8");
        assertNotJson(script, "{\"a\":{\"b\":tru}}", "no JSON value at byte 13");
        assertNotJson(script, "{\"a\":" + "[".repeat(600) + "]".repeat(600) + "}", "more than 512 levels at byte 516");
        ScriptFailure broken = assertThrows(
                ScriptFailure.class,
                () -> script.run(input(ID, new byte[] {'{', '"', (byte) 0xc0, '"', ':', '1', '}'})));
        assertThat(broken.getMessage(), is("not UTF-8 at byte 2"));
    }

    private static void assertNotJson(CompiledScript script, String value, String message) {
        ScriptFailure failure = failure(script, value);
        assertThat(failure.reason(), is(Reason.NOT_JSON));
        assertThat(failure.getMessage(), is(message));
    }

    @Test
    public void anEventWithoutValueHasNone() {
        ScriptInput tombstone = new ScriptInput(Event.of(ID, null, null, Headers.empty()), NOON, "v");
        ScriptFailure failure = assertThrows(
                ScriptFailure.class,
                () -> compiled("function map(e) { return {} }").run(tombstone));

        assertThat(failure.reason(), is(Reason.NO_VALUE));
        assertThat(failure.getMessage(), is("the event has no value"));
    }

    @Test
    public void aWrongResultFails() {
        assertFails("function filter(e) { return e.x }", "filter must return true or false, but returned undefined");
        assertFails("function filter(e) { return e.n }", "filter must return true or false, but returned a number");
        assertFails("function map(e) { return e.x }", "map must return an object, but returned undefined");
        assertFails("function map(e) { return e.x || null }", "map must return an object, but returned null");
        assertFails("function map(e) { return e.l }", "map must return an object, but returned an array");
        assertFails("function map(e) { return map }", "map must return an object, but returned a function");
        assertFails("function map(e) { return new Date(0) }", "map must return an object, but its toJSON gives none");
        assertFails(
                "function flatMap(e) { return e }", "flatMap must return an array of objects, but returned an object");
        assertFails(
                "function flatMap(e) { return [e, 1] }",
                "flatMap must return an array of objects, but element 1 is a number");
        assertFails("function map(e) { e.e = [e]; return e }", "map returned an object that contains itself");
    }

    @Test
    public void whatAScriptThrowsIsToldWithItsLine() {
        assertFails("function map(e) {\n  throw new Error('no title');\n}", "line 2: Error: no title");
        assertFails(
                "function map(e) {\n\n  return {a: e.a.b};\n}",
                "line 3: TypeError: Cannot read property \"b\" from undefined");
        assertFails("function map(e) { throw 'text' }", "line 1: text");
        assertFails("function map(e) { throw {a: 1} }", "line 1: [object Object]");
        assertFails("function map(e) { throw undefined }", "line 1: undefined");
        assertFails("function map(e) { throw Symbol('s') }", "line 1: a symbol");
        assertFails("function map(e) { throw {toString() { throw 1 }} }", "line 1: an object that has no text");
        assertFails("function map(e) { throw 'x'.repeat(1000) }", "line 1: " + "x".repeat(300) + "…");
        assertFails("function map(e) {\n return unknown() }", "line 2: ReferenceError: \"unknown\" is not defined.");
    }

    private static void assertFails(String source, String message) {
        ScriptFailure failure = failure(compiled(source), "{\"n\":1,\"l\":[]}");
        assertThat(failure.reason(), is(Reason.SCRIPT_FAILED));
        assertThat(failure.getMessage(), is(message));
    }

    @Test
    public void limitsAreToldWithTheLine() {
        assertLimit(
                ScriptLimits.DEFAULT,
                "function map(e) {\n while (true) {}\n return {};\n}",
                "line 2: it took more than 50 ms");
        assertLimit(
                PATIENT,
                "function f() { return f() + 1 }\nfunction map(e) { return {f: f()} }",
                "line 1: its calls are nested more than 200 deep");
        assertLimit(
                PATIENT,
                "function map(e) { return {a: 'x'.repeat(1e8)} }",
                "line 1: it used more than 67108864 bytes of memory");
        assertLimit(
                PATIENT,
                "function flatMap(e) { return Array(1001).fill({}) }",
                "the script gave more than 1000 results");
        assertLimit(
                PATIENT, "function map(e) { return {a: 'x'.repeat(5e6)} }", "the script gave more than 4194304 bytes");
        assertLimit(
                PATIENT,
                "function flatMap(e) { const x = {a: 'x'.repeat(1e6)}; return Array(5).fill(x) }",
                "the script gave more than 4194304 bytes");
    }

    private static void assertLimit(ScriptLimits limits, String source, String message) {
        CompiledScript script = compiled(
                Script.javascript(source.replace("(e) {", "(e) { if (e.good) { return [e][e.good - 1] }")), limits);
        failure(script, "{\"good\":2}");
        failure(script, "{\"good\":2}");
        failure(script, "{\"good\":2}");
        ScriptFailure failure = failure(script, "{}");
        assertThat(failure.reason(), is(Reason.SCRIPT_LIMIT));
        assertThat(failure.getMessage(), is(message));
    }

    @Test
    public void limitsHoldToTheLastOne() throws Exception {
        ScriptLimits limits = new ScriptLimits(Duration.ofSeconds(20), 3, 30, 5, 1 << 20);
        String down = "function down(n) { return n > 1 ? down(n - 1) : 1 } function map(e) { return {d: down(e.n)} }";
        CompiledScript deep = compiled(Script.javascript(down), limits);

        assertThat(run(deep, "{\"n\":4}"), contains("{\"d\":1}"));
        assertThat(failure(deep, "{\"n\":5}").getMessage(), is("line 1: its calls are nested more than 5 deep"));
        CompiledScript many = compiled(Script.javascript("function flatMap(e) { return Array(e.n).fill({}) }"), limits);
        assertThat(run(many, "{\"n\":3}"), contains("{}", "{}", "{}"));
        assertThat(failure(many, "{\"n\":4}").getMessage(), is("the script gave more than 3 results"));
        CompiledScript big = compiled(Script.javascript("function map(e) { return {a: 'x'.repeat(e.n)} }"), limits);
        assertThat(run(big, "{\"n\":22}"), contains("{\"a\":\"" + "x".repeat(22) + "\"}"));
        assertThat(failure(big, "{\"n\":23}").getMessage(), is("the script gave more than 30 bytes"));
    }

    @Test
    public void scriptsOfDifferentThreadsDoNotDisturbEachOther() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> outcomes = new ArrayList<>();
            for (int number = 0; number < 4; number++) {
                int own = number;
                outcomes.add(threads.submit(() -> isUndisturbed(own)));
            }
            for (Future<Boolean> outcome : outcomes) {
                assertThat(outcome.get(), is(true));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static boolean isUndisturbed(int number) throws ScriptFailure {
        CompiledScript script = compiled(
                Script.javascript("const own = " + number
                        + "; var seen = 0; function map(e) { if (e.loop) { for (;;); } seen++; const m = /(\\d)/.exec('x' + own); "
                        + "return {own, n: e.n, seen, m: m[1], d: RegExp.$1} }"),
                ScriptLimits.DEFAULT);
        boolean same = true;
        for (int n = 0; n < 2_000; n++) {
            if (n % 100 == 0) {
                same &= failure(script, "{\"loop\":true}").reason() == Reason.SCRIPT_LIMIT;
            }
            same &= run(script, "{\"n\":" + n + "}")
                    .equals(List.of("{\"own\":" + number + ",\"n\":" + n + ",\"seen\":1,\"m\":\"" + number
                            + "\",\"d\":\"" + number + "\"}"));
        }
        return same;
    }

    @Test
    public void aScriptMayMoveFromThreadToThread() throws Exception {
        CompiledScript script = compiled("function map(e) { return {n: e.n} }");
        for (int n = 0; n < 3; n++) {
            int number = n;
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                assertThat(
                        thread.submit(() -> run(script, "{\"n\":" + number + "}"))
                                .get(),
                        contains("{\"n\":" + number + "}"));
            } finally {
                thread.shutdownNow();
            }
        }
    }

    @Test
    public void theThreadsOwnClassLoaderStaysWhatItWas() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        compiled("function map(e) { return {} }");

        assertThat(Thread.currentThread().getContextClassLoader(), sameInstance(before));
    }
}
