package io.millrace.transforms.script.rhino;

import static io.millrace.transforms.event.DeadLetter.Reason.SCRIPT_FAILED;
import static io.millrace.transforms.event.DeadLetter.Reason.SCRIPT_LIMIT;

import io.millrace.transforms.event.DeadLetter.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Scripts that mean harm. Each does so for the event {@code {"hostile":true}} alone. */
final class HostileScripts {

    /**
     * @param body what is done for the hostile event, with {@code e} as the event
     * @param expected why it must fail; null where it may also find nothing to abuse and give {@code {"harmless":true}}
     */
    record Hostile(
            String name,
            String helpers,
            String body,
            @Nullable Reason expected) {
        String source() {
            return helpers + "\nfunction map(e) {\n  if (!e.hostile) { return {good: e.n + 1, again: e}; }\n  " + body
                    + "\n  return {harmless: true};\n}";
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private final List<Hostile> scripts = new ArrayList<>();

    private HostileScripts() {}

    static List<Hostile> all() {
        HostileScripts all = new HostileScripts();
        all.loops();
        all.recursion();
        all.regularExpressions();
        all.texts();
        all.arrays();
        all.outputs();
        all.thrown();
        all.escapes();
        return all.scripts;
    }

    private void limit(String name, String body) {
        scripts.add(new Hostile(name, "", body, SCRIPT_LIMIT));
    }

    private void limit(String name, String helpers, String body) {
        scripts.add(new Hostile(name, helpers, body, SCRIPT_LIMIT));
    }

    private void fails(String name, String body) {
        scripts.add(new Hostile(name, "", body, SCRIPT_FAILED));
    }

    private void harmless(String name, String body) {
        scripts.add(new Hostile(name, "", body, null));
    }

    private void loops() {
        limit("while", "while (true) {}");
        limit("for", "for (;;);");
        limit("do while", "do {} while (true);");
        limit("labelled continue", "a: for (;;) { for (;;) { continue a; } }");
        limit("loop in a closure", "(() => { let i = 0; while (i >= 0) { i = (i + 1) % 1000; } })();");
        limit(
                "loop in a switch",
                "let i = 0; for (;;) { switch (i++ % 3) { case 0: continue; case 1: break; default: } }");
        limit("for in that grows", "const o = {a: 1}; for (;;) { for (let k in o) { o[k + 'x'] = 1; } }");
        limit(
                "for of over an endless iterator",
                "for (let x of {[Symbol.iterator]() { return {next() { return {done: false}; }}; }}) {}");
        limit("loop in a getter", "const o = {get x() { for (;;); }}; o.x;");
        limit("loop in a setter", "const o = {set x(v) { for (;;); }}; o.x = 1;");
        limit("loop in toString", "'' + {toString() { for (;;); }};");
        limit("loop in valueOf", "+{valueOf() { for (;;); }};");
        limit("loop in toPrimitive", "`${{[Symbol.toPrimitive]() { for (;;); }}}`;");
        limit("loop in toJSON", "return {a: {toJSON() { for (;;); }}};");
        limit("loop in a getter of the result", "return {get a() { for (;;); }};");
        limit("loop in a generator", "function* g() { for (;;); } g().next();");
        limit("endless generator", "function* g() { for (;;) { yield 1; } } for (let x of g()) {}");
        limit("endless generator spread", "function* g() { for (;;) { yield 1; } } [...g()];");
        limit("endless generator to a Set", "new Set((function* () { for (let i = 0; ; i++) { yield i; } })());");
        limit(
                "generator that does not end when closed",
                "function* g() { try { yield 1; } finally { for (;;); } } const i = g(); i.next(); i.return();");
        limit("yield star for ever", "function* g() { yield* g(); } g().next();");
        limit("loop in a comparator", "[3, 2, 1].sort(() => { for (;;); });");
        limit("loop in a callback of forEach", "[1].forEach(() => { for (;;); });");
        limit("loop in a callback of replace", "'a'.replace(/a/, () => { for (;;); });");
        limit("loop in a reviver", "JSON.parse('[1]', () => { for (;;); });");
        limit("loop in a replacer", "JSON.stringify([1], () => { for (;;); });");
        limit("loop in finally", "try { for (;;); } finally { for (;;); }");
        limit("loops in nested finally", "try { try { for (;;); } finally { for (;;); } } finally { for (;;); }");
        limit("loop in catch", "try { throw 1; } catch (x) { for (;;); }");
        limit("return in finally", "function f() { for (;;) { try { for (;;); } finally { continue; } } } f();");
        limit("finally that recurs", "function f() { try { for (;;); } finally { f(); } } f();");
        limit("loop in a default argument", "(function (a = (() => { for (;;); })()) {})();");
        limit("loop in a computed key", "({[(() => { for (;;); })()]: 1});");
        limit("loop in a template tag", "(function t() { for (;;); })`x`;");
        limit(
                "loop in Symbol.species",
                "const a = [1]; a.constructor = {get [Symbol.species]() { for (;;); }}; a.map(x => x);");
        limit("loop in hasInstance", "({}) instanceof {[Symbol.hasInstance]() { for (;;); }};");
        limit("pairs of functions", "function a(n) { return n; } for (;;) { a(1); }");
        limit(
                "exponential recursion without depth",
                "function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2); } f(90);");
        limit(
                "Map that grows while it is walked",
                "const m = new Map([[0, 0]]); for (let [k] of m) { m.set(k + 1, 0); m.delete(k); }");
        limit(
                "Set that grows while it is walked",
                "const s = new Set([0]); s.forEach(k => { s.add(k + 1); s.delete(k); });");
        limit("array that grows while it is walked", "const a = [0]; for (let x of a) { a.push(x); }");
        limit("dates", "for (;;) { new Date(2020, 1, 1).toLocaleString(); }");
        limit("caught errors", "for (;;) { try { null.x; } catch (x) {} }");
        limit("caught stack traces", "for (;;) { try { null.x; } catch (x) { x.stack; } }");
        limit("collator", "const s = 'ä'.repeat(100000); for (;;) { s.localeCompare(s + 'x'); }");
        limit("normalisation of many marks", "('a' + '\\u0315'.repeat(1e6) + '\\u0300'.repeat(1e6)).normalize('NFD');");
        limit("collation of many marks", "('a' + '\\u0315'.repeat(1e6) + '\\u0300'.repeat(1e6)).localeCompare('b');");
        limit(
                "lower case that grows",
                "'\\u0130'.repeat(3e6).toLowerCase().toLowerCase(); for (;;) { '\\u0130'.repeat(1e5).toLowerCase(); }");
        limit("upper case that grows", "for (;;) { '\\ufb03'.repeat(1e6).toUpperCase(); }");
        limit("normalisation", "const s = '\\ufdfa'.repeat(100000); for (;;) { s.normalize('NFKD'); }");
        limit("number texts", "for (;;) { (Math.random() * 1e300).toString(2); }");
    }

    private void recursion() {
        limit("recursion", "function f() { return f() + 1; } f();");
        limit("mutual recursion", "function f() { return g() + 1; } function g() { return f() + 1; } f();");
        limit("recursion through map", "function f() { return [1].map(f); } f();");
        limit("recursion through sort", "function f() { [2, 1].sort(f); return 0; } f();");
        limit(
                "recursion through the names of errors",
                "let a = {toString() { 'é'.normalize('NFD'); return 'x' }};"
                        + " for (let i = 0; i < 12000; i++) { const x = new Error('m'); x.name = a; a = x; } String(a);");
        limit("an error that is its own name", "const x = new Error('a'); x.name = x; String(x);");
        limit(
                "recursion through toJSON",
                "const o = {}; o.toISOString = o.toJSON = Date.prototype.toJSON; o.toJSON();");
        limit("recursion through toLocaleString", "String({toString: Object.prototype.toLocaleString});");
        limit("recursion through replace", "function f() { return 'a'.replace(/a/, f); } f();");
        limit("recursion through a getter", "const o = {get x() { return this.x; }}; o.x;");
        limit("recursion through toString", "const o = {toString() { return '' + o; }}; '' + o;");
        limit("recursion through toJSON", "const o = {toJSON() { return JSON.stringify(o); }}; JSON.stringify(o);");
        limit("recursion through call", "function f() { f.call(); } f();");
        limit("recursion through apply", "function f() { f.apply(null, []); } f();");
        limit("recursion through bind", "function f() { f.bind(null)(); } f();");
        limit("recursion through new", "function F() { new F(); } new F();");
        limit("recursion through a generator", "function* g() { yield* g(); } [...g()];");
        limit(
                "recursion through an iterator",
                "const o = {[Symbol.iterator]() { return [...o][Symbol.iterator](); }}; [...o];");
        limit("recursion in finally", "function f() { try { f(); } finally { f(); } } f();");
        limit("recursion in catch", "function f() { try { f(); } catch (x) { f(); } finally { f(); f(); } } f();");
        limit("recursion over all that is thrown", "function f() { try { return f(); } finally { return f(); } } f();");
        limit("chain of bound functions", "let f = () => 1; for (let i = 0; i < 1e5; i++) { f = f.bind(null); } f();");
        limit("deep array to text", "let a = []; for (let i = 0; i < 1e5; i++) { a = [a]; } '' + a;");
        limit("deep array to JSON", "let a = []; for (let i = 0; i < 1e5; i++) { a = [a]; } JSON.stringify(a);");
        limit("deep array flattened", "let a = []; for (let i = 0; i < 1e5; i++) { a = [a]; } a.flat(Infinity);");
        limit("deep JSON parsed", "JSON.parse('['.repeat(1e5) + ']'.repeat(1e5));");
        limit("deep regular expression", "new RegExp('('.repeat(1e5) + ')'.repeat(1e5));");
        limit(
                "deep prototypes",
                "let o = {}; for (let i = 0; i < 2e5; i++) { o = Object.create(o); } for (;;) { o.x; }");
    }

    private void regularExpressions() {
        limit("nested quantifiers", "/^(a+)+$/.test('a'.repeat(40) + 'b');");
        limit("alternatives", "/^(a|a)*$/.test('a'.repeat(40) + 'b');");
        limit("alternatives of three", "/^(a|aa|aaa)*b$/.test('a'.repeat(200));");
        limit("polynomial", "/a*a*a*a*a*a*a*a*b/.test('a'.repeat(300));");
        limit("back references", "/^(a*)*\\1\\1\\1b$/.test('a'.repeat(60));");
        limit("lookahead", "/^((?=(a+))\\2)+b|(a+)+b$/.test('a'.repeat(40));");
        limit("lazy quantifiers", "/^(a+?)+?$/.test('a'.repeat(40) + 'b');");
        limit("quadratic over a long text", "/a+$/.test('a'.repeat(200000) + 'b');");
        limit("split", "'a'.repeat(40).concat('b').split(/^(a+)+$/);");
        limit("replace", "('a'.repeat(40) + 'b').replace(/^(a+)+$/, '');");
        limit("matchAll", "for (;;) { [...'aaaa'.matchAll(/a/g)]; }");
        limit("big counts", "new RegExp('(?:(?:a{0,999}){0,999}){0,999}b').test('a'.repeat(1000));");
        limit("empty matches", "for (;;) { 'abc'.replace(/(?:)/g, 'x'); }");
    }

    private void texts() {
        limit("doubling", "let s = 'x'; for (;;) { s += s; }");
        limit("doubling and using", "let s = 'x'; for (;;) { s += s; s.charCodeAt(0); }");
        limit("repeat", "'x'.repeat(2 ** 30);");
        limit("repeat of repeats", "let s = 'xxxxxxxxxx'; for (;;) { s = s.repeat(10); s.length; }");
        limit("padStart", "'x'.padStart(2 ** 30);");
        limit("padEnd", "'x'.padEnd(2 ** 30, 'abc');");
        limit("join", "const s = 'x'.repeat(1e6); new Array(1000).fill(s).join(s);");
        limit("join of holes", "new Array(2 ** 31 - 1).join('x');");
        limit("array to text", "'' + new Array(2 ** 31);");
        limit("concat", "let s = 'x'.repeat(1e6); for (;;) { s = s.concat(s, s); }");
        limit("replaceAll", "const s = 'x'.repeat(1e5); s.replaceAll('x', s);");
        limit("replace with the text around", "let s = 'x'.repeat(1e5); for (;;) { s = s.replace(/x/g, '$`'); }");
        limit("replace by a callback", "const s = 'x'.repeat(1e5); s.replace(/x/g, () => s);");
        limit("split to characters", "const s = 'x'.repeat(1e6); const a = []; for (;;) { a.push(s.split('')); }");
        limit("template", "let s = 'x'; for (;;) { s = `${s}${s}${s}`; s.length; s[0]; }");
        limit("escape", "let s = '\\u4e00'.repeat(1e5); for (;;) { s = escape(s); }");
        limit("encodeURIComponent", "let s = '%'.repeat(1e5); for (;;) { s = encodeURIComponent(s); }");
        limit("toUpperCase", "let s = '\\ufb03'.repeat(1e5); for (;;) { s = s.toUpperCase() + s; s[0]; }");
        limit("indexOf of a long text", "const s = 'a'.repeat(1e6); for (;;) { s.indexOf('a'.repeat(5e5) + 'b'); }");
        limit(
                "lastIndexOf of a long text",
                "const s = 'a'.repeat(1e6); for (;;) { s.lastIndexOf('b' + 'a'.repeat(5e5)); }");
        limit("includes of a long text", "const s = 'a'.repeat(1e6); for (;;) { s.includes('a'.repeat(5e5) + 'b'); }");
        limit("one indexOf of a long text", "'a'.repeat(4e6).indexOf('a'.repeat(2e6) + 'b');");
        limit("split by a long text", "('a'.repeat(2e6)).split('a'.repeat(1e6) + 'b');");
        limit(
                "comparisons of long texts",
                "const a = 'a'.repeat(5e6) + 'x', b = 'a'.repeat(5e6) + 'y'; a[0]; b[0]; for (;;) { a < b; }");
        limit(
                "equality of long texts",
                "const a = 'a'.repeat(5e6) + 'x', b = 'a'.repeat(5e6) + 'y'; a[0]; b[0]; for (;;) { a === b; }");
        limit("JSON of a shared text", "const s = 'x'.repeat(1e6); JSON.stringify(new Array(1000).fill(s));");
        limit("JSON of a shared array", "let a = []; for (let i = 0; i < 60; i++) { a = [a, a]; } JSON.stringify(a);");
        limit("text of a shared array", "let a = [1]; for (let i = 0; i < 60; i++) { a = [a, a]; } '' + a;");
        limit(
                "JSON with big indents",
                "let a = []; for (let i = 0; i < 400; i++) { a = [a, a.length ? 1 : 2]; } for (;;) { JSON.stringify(a, null, '          '); }");
        limit("fromCharCode", "String.fromCharCode.apply(null, {length: 2 ** 28});");
        limit("raw", "String.raw({raw: {length: 2 ** 31 - 1}});");
        limit("parseInt of a long text", "const s = '9'.repeat(1e6); for (;;) { parseInt(s); }");
        limit("Number of a long text", "const s = '9'.repeat(1e6); for (;;) { Number(s); }");
        limit("trim", "const s = ' '.repeat(1e6) + 'x' + ' '.repeat(1e6); for (;;) { s.trim(); }");
        limit("symbol descriptions", "let s = 'x'; for (;;) { s = Symbol(s).toString(); s += s; }");
        limit("error messages", "let s = 'x'; for (;;) { try { null[s]; } catch (x) { s = x.message + s; } }");
        limit("function text", "for (;;) { map.toString(); }");
    }

    private void arrays() {
        limit("push", "const a = []; for (;;) { a.push(1); }");
        limit("arrays of arrays", "const a = []; for (;;) { a.push(new Array(1000)); }");
        limit("objects", "const a = []; for (;;) { a.push({x: 1}); }");
        limit("big array filled", "new Array(1e9).fill(0);");
        limit("big array spread", "[...new Array(1e9)];");
        limit("big array joined", "Array(1e9).join();");
        limit("big array from", "Array.from({length: 1e9});");
        limit("big array from a callback", "Array.from({length: 1e9}, (x, i) => i);");
        limit("big array searched", "const a = []; a.length = 1e9; a.indexOf(1);");
        limit("big array searched backwards", "const a = []; a.length = 1e9; a.lastIndexOf(1);");
        limit("big array includes", "new Array(1e9).includes(1);");
        limit("big array walked", "new Array(1e9).forEach(x => x);");
        limit("big array mapped", "new Array(1e9).map(x => x);");
        limit("big array reduced", "new Array(1e9).reduce((x, y) => x, 0);");
        limit("big array some", "new Array(1e9).some(x => x);");
        limit("big array find", "new Array(1e9).find(x => x === 1);");
        limit("big array sorted", "const a = new Array(1e9); a[5] = 1; a.sort();");
        limit("big array reversed", "const a = new Array(1e9); a[5] = 1; a.reverse();");
        limit("big array shifted", "const a = new Array(1e9); a[5] = 1; a.shift();");
        limit("big array unshifted", "const a = new Array(1e9); a[5] = 1; a.unshift(1);");
        limit("big array spliced", "const a = new Array(1e9); a[5] = 1; a.splice(1, 0, 1);");
        limit("big array concatenated", "const a = new Array(1e9); a[5] = 1; a.concat([1], a);");
        limit("big array sliced", "new Array(1e9).slice(1);");
        limit("big array copied within", "const a = new Array(1e9); a[5] = 1; a.copyWithin(1, 0);");
        limit("big array flattened", "[new Array(1e9)].flat();");
        limit("big array reversed to another", "new Array(1e9).toReversed();");
        limit("big array sorted to another", "new Array(1e9).toSorted();");
        limit("big array as a result", "return {a: new Array(1e9)};");
        limit("big array to JSON", "JSON.stringify(new Array(1e9));");
        harmless("length of a big array cut", "const a = new Array(4e9); a[3999999999] = 1; a.length = 1;");
        limit("apply with a huge length", "(function () {}).apply(null, {length: 1e9});");
        limit("Math.max of many", "Math.max.apply(null, {length: 1e9});");
        limit("push of many", "const a = []; for (;;) { a.push.apply(a, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]); }");
        limit("slots", "const o = {}; for (let i = 0; ; i++) { o['k' + i] = i; }");
        limit("index slots", "const o = {}; for (let i = 0; ; i++) { o[i * 1000003 % 2 ** 31] = i; }");
        limit(
                "slots that collide",
                "const o = {}; const p = ['Aa', 'BB']; for (let i = 0; ; i++) { let k = ''; for (let b = 0; b < 20; b++) { k += p[i >> b & 1]; } o[k] = 1; }");
        limit("map entries", "const m = new Map(); for (let i = 0; ; i++) { m.set(i, i); }");
        limit("set entries", "const s = new Set(); for (let i = 0; ; i++) { s.add('' + i); }");
        limit(
                "weak map entries",
                "const m = new WeakMap(); const a = []; for (;;) { const k = {}; a.push(k); m.set(k, 1); }");
        limit(
                "map keys that collide",
                "const m = new Map(); const p = ['Aa', 'BB']; for (let i = 0; ; i++) { let k = ''; for (let b = 0; b < 20; b++) { k += p[i >> b & 1]; } m.set(k, 1); }");
        limit("symbols", "const a = []; for (;;) { a.push(Symbol('x')); }");
        limit("closures", "const a = []; for (let i = 0; ; i++) { a.push(() => i); }");
        limit(
                "object entries",
                "const o = {}; for (let i = 0; i < 1e4; i++) { o['k' + i] = i; } for (;;) { Object.entries(o); }");
        limit(
                "assign",
                "const o = {}; for (let i = 0; i < 1e4; i++) { o['k' + i] = i; } for (;;) { Object.assign({}, o); }");
        limit(
                "spread of an object",
                "const o = {}; for (let i = 0; i < 1e4; i++) { o['k' + i] = i; } for (;;) { ({...o}); }");
        limit(
                "sort of many",
                "const a = []; for (let i = 0; i < 1e5; i++) { a.push((i * 7919) % 100003); } for (;;) { a.slice().sort(); }");
        limit(
                "fromEntries",
                "Object.fromEntries({*[Symbol.iterator]() { for (let i = 0; ; i++) { yield ['k' + i, i]; } }});");
        limit("groupBy", "Object.groupBy(new Array(1e9), x => x);");
        limit("global variables", "for (let i = 0; ; i++) { globalThis['g' + i] = i; }");
        limit(
                "define in a loop",
                "const o = {}; for (let i = 0; ; i++) { Object.defineProperty(o, 'k' + i, {get() { return 1; }}); }");
        limit("big JSON", "JSON.parse('[' + '1,'.repeat(5e6) + '1]');");
        limit("big regular expression", "new RegExp('a'.repeat(5e6));");
        limit("big alternative", "new RegExp(new Array(1e6).fill('ab').join('|'));");
        limit("big class", "for (;;) { new RegExp('[' + 'a-z'.repeat(1e4) + ']').test('b'); }");
    }

    private void outputs() {
        limit("huge text as a result", "return {a: 'x'.repeat(5e6)};");
        limit(
                "many members as a result",
                "const o = {}; for (let i = 0; i < 1e4; i++) { o['k'.repeat(600) + i] = 1; } return o;");
        limit("shared text in a result", "const s = 'x'.repeat(1e5); return {a: new Array(1e4).fill(s)};");
        limit("shared array in a result", "let a = ['x']; for (let i = 0; i < 60; i++) { a = [a, a]; } return {a};");
        limit("deep result", "let o = {}; for (let i = 0; i < 1e4; i++) { o = {o}; } return o;");
        limit(
                "result that grows",
                "function t() { return {a: 1, toJSON: undefined, get b() { return t(); }}; } return t();");
        fails("cyclic result", "const o = {}; o.o = o; return o;");
        fails("cyclic array", "const a = []; a.push(a); return {a};");
        fails("cyclic event", "e.e = e; return e;");
        fails("text as a result", "const r = 'x'; return r;");
        fails("array as a result", "const r = [1]; return r;");
        fails("function as a result", "return map;");
        fails("null as a result", "const r = null; return r;");
        fails("symbol as a result", "return Symbol('x');");
        fails("undefined as a result", "const r = undefined; return r;");
        fails("generator call as a text", "return (function* () {})().toString();");
        fails("toJSON that gives a text", "return {toJSON() { return 'x'; }};");
        fails("toJSON that gives undefined", "return {toJSON() {}};");
        fails("getter that throws", "return {get a() { throw 1; }};");
        fails("date as a result", "return new Date();");
    }

    private void thrown() {
        fails("throw null", "throw null;");
        fails("throw undefined", "throw undefined;");
        fails("throw a number", "throw 1;");
        fails("throw a symbol", "throw Symbol('x');");
        fails("throw a long text", "throw 'x'.repeat(1e6);");
        fails("throw an object", "throw {a: 1};");
        fails("throw an object without prototype", "throw Object.create(null);");
        fails("throw a function", "throw map;");
        fails("throw an array", "throw [1, [2]];");
        fails("throw the event", "throw e;");
        fails("throw the global object", "throw globalThis;");
        fails("throw a text that throws", "throw {toString() { throw {toString() { throw 1; }}; }};");
        fails("throw a text that is none", "throw {toString() { return {}; }, valueOf() { return {}; }};");
        fails(
                "throw an error whose message throws",
                "const x = new Error(); Object.defineProperty(x, 'message', {get() { throw 1; }}); throw x;");
        fails(
                "throw an error whose name is strange",
                "const x = new Error('m'); x.name = {toString() { throw 1; }}; throw x;");
        fails("throw a primitive getter", "throw {get [Symbol.toPrimitive]() { throw 1; }};");
        fails("throw a date", "throw new Date(NaN);");
        fails("throw a regular expression", "throw /x/;");
        limit("throw a text that does not end", "throw {toString() { for (;;); }};");
        limit("throw a text that recurs", "throw {toString() { return '' + this; }};");
        limit("throw a text that is huge", "throw {toString() { let s = 'x'; for (;;) { s += s; s[0]; } }};");
        fails("throw in finally", "try { throw 1; } finally { throw 2; }");
        fails(
                "throw in a generator",
                "function* g() { try { yield 1; } finally { throw 2; } } for (let x of g()) { throw 1; }");
        fails("call of nothing", "undefined();");
        fails("write to nothing", "null.x = 1;");
        fails("unknown name", "unknown;");
    }

    private void escapes() {
        for (String name : List.of(
                "Packages",
                "java",
                "javax",
                "org",
                "com",
                "edu",
                "net",
                "getClass",
                "JavaAdapter",
                "JavaImporter",
                "importClass",
                "importPackage",
                "load",
                "loadClass",
                "print",
                "exit",
                "quit",
                "setTimeout",
                "setInterval",
                "require",
                "process",
                "readFile",
                "readUrl",
                "runCommand",
                "spawn",
                "sync",
                "eval",
                "Script",
                "Continuation",
                "With",
                "Call",
                "Promise",
                "Proxy",
                "Reflect",
                "BigInt",
                "ArrayBuffer",
                "Uint8Array",
                "Float64Array",
                "DataView",
                "BigInt64Array",
                "WeakRef",
                "FinalizationRegistry",
                "console",
                "XML",
                "XMLList",
                "QName",
                "Namespace",
                "global",
                "window",
                "self",
                "uneval",
                "isXMLName",
                "Iterator",
                "StopIteration",
                "JavaException",
                "Java",
                "Polyglot",
                "environment",
                "arguments0",
                "version",
                "gc",
                "help",
                "seal",
                "defineClass",
                "deserialize",
                "serialize",
                "toint32",
                "Atomics",
                "SharedArrayBuffer",
                "Intl",
                "queueMicrotask",
                "structuredClone",
                "__noSuchMethod__")) {
            fails("global " + name, "return {found: String(" + name + ")};");
        }
        fails("Packages by another way", "return {found: Packages.java.lang.System.exit(1)};");
        fails("a class by name", "return {found: java.lang.Class.forName('java.lang.Runtime')};");
        fails("getClass of the event", "return {found: e.getClass().getName()};");
        fails("getClass of a text", "return {found: 'x'.getClass()};");
        fails("getClass of a function", "return {found: map.getClass()};");
        fails("the class of an array", "return {found: [].class.name};");
        fails("constructor of a function", "return {found: map.constructor('return 1')()};");
        fails("constructor of a constructor", "return {found: e.constructor.constructor('return this')()};");
        fails("constructor of an arrow function", "return {found: (() => 1).constructor('return 1')()};");
        fails(
                "constructor of a generator",
                "return {found: Object.getPrototypeOf(function* () {}).constructor('yield 1')()};");
        fails("new Function", "return {found: new Function('return 1')()};");
        fails(
                "Function.prototype.constructor",
                "return {found: Function.prototype.constructor.call(null, 'return 1')()};");
        fails("bound Function", "return {found: Function.bind(null, 'return 1')()()};");
        fails("indirect eval", "return {found: (0, eval)('1')};");
        fails("eval of the global object", "return {found: globalThis.eval('1')};");
        fails("toSource and back", "return {found: Function(map.toSource())};");
        harmless("parent scope", "if (e.__parent__ || map.__parent__ || globalThis.__parent__) { return {found: 1}; }");
        harmless(
                "caller",
                "function f() { return f.caller || f.arguments && f.arguments.caller; } if (f()) { return {found: 1}; }");
        harmless(
                "caller of callee", "function f() { return arguments.callee.caller; } if (f()) { return {found: 1}; }");
        harmless(
                "prepareStackTrace",
                "try { Error.prepareStackTrace = (x, s) => s; } catch (x) {} try { null.x; } catch (x) { if (typeof x.stack !== 'string') { return {found: 1}; } }");
        harmless(
                "stack of an error",
                "try { null.x; } catch (x) { if (/java|millrace|mozilla/.test(x.stack)) { return {found: x.stack}; } }");
        harmless(
                "Java in an error",
                "try { null.x; } catch (x) { if (x.javaException || x.rhinoException || x.__exception__) { return {found: 1}; } }");
        harmless(
                "Java in an inner error",
                "try { JSON.parse('['.repeat(10)); } catch (x) { if (x.javaException || x.rhinoException) { return {found: 1}; } }");
        harmless(
                "captureStackTrace",
                "const o = {}; if (Error.captureStackTrace) { Error.captureStackTrace(o); if (/java|millrace|mozilla/.test(o.stack)) { return {found: o.stack}; } }");
        harmless("registry of symbols", "if (Symbol.for || Symbol.keyFor) { return {found: 1}; }");
        harmless(
                "prototype by name",
                "try { ({}).__proto__.polluted = 1; } catch (x) {} if ({}.polluted) { return {found: 1}; }");
    }
}
