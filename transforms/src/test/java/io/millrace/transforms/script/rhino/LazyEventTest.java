package io.millrace.transforms.script.rhino;

import static io.millrace.transforms.script.rhino.Scripts.compiled;
import static io.millrace.transforms.script.rhino.Scripts.run;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.script.engine.CompiledScript;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** An event that is parsed as it is read cannot be told from one that {@code JSON.parse} makes. */
@RunWith(Parameterized.class)
public class LazyEventTest {
    private static final int DOCUMENTS = 400;

    /** What is done with an event, and with the same one as {@code JSON.parse} has it. */
    private static final List<String> OPERATIONS = List.of(
            "return e;",
            "return [e.a, e.b, e.c, e.x, e['7'], e[''], e['é'], e.toString === Object.prototype.toString];",
            "return Object.keys(e);",
            "return Object.values(e);",
            "return Object.entries(e);",
            "return Object.getOwnPropertyNames(e);",
            "return Object.getOwnPropertySymbols(e).length;",
            "let r = []; for (let k in e) { r.push(k, e[k]); } return r;",
            "return ['a', 'b', 'x', 'toString', '7', ''].map(k => [k in e, e.hasOwnProperty(k), Object.hasOwn(e, k), e.propertyIsEnumerable(k)]);",
            "return [delete e.a, delete e.x, delete e['7'], e, Object.keys(e), e.a];",
            "e.a = 1; return e;",
            "e.new1 = {z: 1}; e.a = e.b; return [e, Object.keys(e)];",
            "e.b = undefined; return e;",
            "e.c = null; e.c = e; return Object.keys(e.c);",
            "e['7'] = 'seven'; e['00'] = 1; return [e, Object.keys(e)];",
            "e.a += 'x'; e.b++; return e;",
            "return {...e, a: 1};",
            "return {x: 1, ...e};",
            "const {a = 5, c: {a: d} = {}} = e; return [a, d];",
            "return Object.assign({a: 0}, e);",
            "return Object.assign(e, {a: 0, n: 1});",
            "return JSON.stringify(e);",
            "return JSON.stringify(e, null, 2);",
            "return JSON.stringify(e, ['a', 'b', 'c']);",
            "return JSON.stringify(e, (k, v) => typeof v === 'number' ? v + 1 : v);",
            "return [Object.isFrozen(Object.freeze(e)), attempt(() => { 'use strict'; e.a = 1; }), attempt(() => { e.q = 1; }), e];",
            "Object.seal(e); return [attempt(() => { e.a = 1; }), attempt(() => { delete e.b; }), Object.isSealed(e), e];",
            "Object.preventExtensions(e); e.q = 1; return [Object.isExtensible(e), e];",
            "return ['a', 'b', 'x', '7', 'length'].map(k => Object.getOwnPropertyDescriptor(e, k));",
            "return Object.getOwnPropertyDescriptors(e);",
            "Object.defineProperty(e, 'a', {value: 3, enumerable: false}); return [e, Object.keys(e), e.a];",
            "Object.defineProperty(e, 'g', {get() { return this.a; }, enumerable: true}); return e;",
            "return [e.a === e.a, e.b === e.b, e.c === e.c, e.a === e.b];",
            "return [typeof e, typeof e.a, Array.isArray(e), Array.isArray(e.a), e instanceof Object, e.a instanceof Array, e.a instanceof Object];",
            "return [Object.getPrototypeOf(e) === Object.prototype, e.constructor === Object, Object.prototype.toString.call(e.a), String(e)];",
            "Object.setPrototypeOf(e, {inherited: 1}); return [e.inherited, e.a, e];",
            "Object.setPrototypeOf(e, {toJSON() { return 'J'; }}); return {x: e};",
            "e.toJSON = () => 'J'; return {x: e, y: [e]};",
            "const o = Object.create(e); o.b = 2; return [o.a, o.b, e.b, Object.keys(o), 'a' in o];",
            "const o = Object.create(e); o.a = 2; return [o.a, e.a];",
            "if (Array.isArray(e.a)) { e.a.push(1); e.a.unshift({n: 1}); } return e;",
            "if (Array.isArray(e.a)) { return [e.a.length, e.a.map(x => [x]), e.a.slice(1), e.a.concat([1]), e.a.filter(x => x), e.a.join('-')]; } return 0;",
            "if (Array.isArray(e.a)) { e.a.reverse(); e.a.length = 2; } return e;",
            "if (Array.isArray(e.a)) { e.a.splice(1, 1, 'x', 'y'); delete e.a[0]; e.a[9] = 1; } return e;",
            "if (Array.isArray(e.a)) { return [[...e.a], Array.from(e.a), e.a.indexOf(null), e.a.includes('x'), Object.keys(e.a), 0 in e.a]; } return 0;",
            "if (Array.isArray(e.a)) { const [p, q] = e.a; let r = []; for (let x of e.a) { r.push(x); } return [p, q, r, e.a.sort()]; } return 0;",
            "if (Array.isArray(e.a)) { e.a.extra = 1; e.a.toJSON = () => 'J'; } return e;",
            "if (Array.isArray(e.a)) { Object.freeze(e.a); return [attempt(() => { e.a.push(1); }), e]; } return 0;",
            "if (Array.isArray(e.a)) { return e.a.flat(Infinity); } return 0;",
            "if (e.c && typeof e.c === 'object') { e.c.a = {changed: true}; } return e;",
            "if (e.c && typeof e.c === 'object') { delete e.c.b; } return {kept: e.a, c: e.c, whole: e};",
            "if (e.c && typeof e.c === 'object') { const c = e.c; e.d = c; c.late = 1; return [e, e.d === e.c]; } return 0;",
            "const m = new Map([[e, 1], [e.a, 2]]); return [m.get(e), m.get(e.a), new Set([e, e]).size];",
            "e.self = [e.a, e.a]; e.a = 'gone'; return e;",
            "return Object.fromEntries(Object.entries(e).map(([k, v]) => [v, k]));",
            "with (e) { return [typeof a, typeof b]; }",
            "e.__defineGetter__('g', () => 1); return [e.__lookupGetter__('g') !== undefined, e];",
            "return [e.valueOf() === e, e == e, e == '[object Object]', !e, e + ''];",
            "const copy = JSON.parse(JSON.stringify(e)); copy.a = 1; return [copy, e];");

    @Parameters(name = "{0}")
    public static List<String> operations() {
        return OPERATIONS;
    }

    private final String operation;

    public LazyEventTest(String operation) {
        this.operation = operation;
    }

    @Test
    public void cannotBeToldFromAParsedOne() throws Exception {
        String helpers = "function attempt(f) { try { f(); return 'done'; } catch (x) { return x.name; } }\n"
                + "function worked(e) { " + operation + " }\n"
                + "function work(e) { try { return worked(e); } catch (x) { return x.name; } }\n";
        CompiledScript lazy = compiled(helpers + "function map(e) { return {r: JSON.stringify({r: work(e)})}; }");
        CompiledScript parsed = compiled(helpers
                + "function map(e) { return {r: JSON.stringify({r: work(JSON.parse(JSON.stringify({e: e})).e)})}; }");
        CompiledScript written = compiled(helpers + "function map(e) { return {r: work(e)}; }");
        CompiledScript again = compiled("function map(e) { return {r: JSON.stringify(e)}; }");
        Documents documents = new Documents(new Random(operation.hashCode()));
        for (int i = 0; i < DOCUMENTS; i++) {
            String document = documents.object(3);
            List<String> expected = run(parsed, document);
            assertThat(document, run(lazy, document), is(expected));
            assertThat(document, run(again, run(written, document).get(0)), is(expected));
        }
    }

    /** Documents whose numbers are written as JavaScript writes them, so that copied bytes and written ones are the same. */
    private static final class Documents {
        private static final List<String> NAMES = List.of(
                "a", "b", "c", "a", "b", "c", "d", "e", "7", "12", "", "é", "\\u0061b", "x y", "toString", "length");
        private static final List<String> SCALARS = List.of(
                "0",
                "1",
                "-2.5",
                "12.5",
                "1e+21",
                "123456789",
                "1234567890",
                "-0.001",
                "9007199254740991",
                "true",
                "false",
                "null",
                "\"\"",
                "\"text\"",
                "\"é\\n\\\"\"",
                "\"\uD83D\uDE00 plain\"",
                "\"7\"",
                "[]",
                "{}");

        private final Random random;

        Documents(Random random) {
            this.random = random;
        }

        String object(int depth) {
            Map<String, String> members = new LinkedHashMap<>();
            int count = random.nextInt(7);
            for (int i = 0; i < count; i++) {
                members.put(NAMES.get(random.nextInt(NAMES.size())), value(depth));
            }
            List<String> texts = new ArrayList<>();
            members.forEach((name, value) -> texts.add("\"" + name + "\":" + value));
            return "{" + String.join(",", texts) + "}";
        }

        private String array(int depth) {
            List<String> elements = new ArrayList<>();
            int count = random.nextInt(5);
            for (int i = 0; i < count; i++) {
                elements.add(value(depth));
            }
            return "[" + String.join(",", elements) + "]";
        }

        private String value(int depth) {
            Supplier<String> scalar = () -> SCALARS.get(random.nextInt(SCALARS.size()));
            return switch (depth == 0 ? 0 : random.nextInt(5)) {
                case 1 -> object(depth - 1);
                case 2 -> array(depth - 1);
                default -> scalar.get();
            };
        }
    }
}
