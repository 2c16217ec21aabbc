package io.millrace.transforms.script.rhino;

import static io.millrace.transforms.script.rhino.Scripts.PATIENT;
import static io.millrace.transforms.script.rhino.Scripts.compiled;
import static io.millrace.transforms.script.rhino.Scripts.refused;
import static io.millrace.transforms.script.rhino.Scripts.run;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptException;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.ScriptLimits;
import java.util.Collections;
import java.util.concurrent.FutureTask;
import org.junit.Test;

public class ScriptProblemsTest {

    private static void assertRefused(String source, String problems) {
        assertThat(refused(source).getMessage(), is(problems));
    }

    @Test
    public void syntaxErrorsAreAllToldWithLineAndColumn() {
        assertRefused("function map(e) {\n  return {a: };\n}", "2:14: syntax error");
        assertRefused(
                "function map(e) {\n  let a = ;\n  return {a};\n}\nfunction filter(e) {\n  return e.n >\n}",
                "2:11: syntax error; 7:1: syntax error");
        assertRefused("function map(e) { return {} ", "1:28: missing } after function body");
        assertRefused("function map(e) {\n  return 'open\n}", "2:10: unterminated string literal");
        assertRefused("const a = 1;\nconst a = 2;\nfunction map(e) { return {} }", "2:7: redeclaration of variable a.");
    }

    @Test
    public void whatTheLanguageDoesNotHaveIsNamed() {
        String waiting = " must not be used: a script has nothing to wait for";
        assertRefused("async function map(e) { return {} }", "1:7: async" + waiting);
        assertRefused("const map = async e => ({})", "1:19: async" + waiting);
        assertRefused("const map = async (e) => ({})", "1:13: async" + waiting);
        assertRefused("function map(e) { await f(); return {} }", "1:19: await" + waiting);
        String spread =
                "... must stand in an array, an object or parameters, and not in a call: write f.apply(null, list)";
        assertRefused("function map(e) { return {m: Math.max(...e.list)} }", "1:39: " + spread);
        assertRefused("function map(e) { return new Date(1, ...e.list) }", "1:38: " + spread);
        assertRefused(
                "function map(e) { const {a, ...rest} = e; return rest }",
                "1:25: object rest properties in destructuring are not supported");
        assertRefused(
                "function map(e) { const [a, ...rest] = e.list; return {rest} }",
                "1:25: ... must not stand in a pattern: write list.slice(1) or the like");
        assertRefused(
                "class A { f() { } }\nfunction map(e) { return {} }",
                "1:1: a class must not be used: write functions and objects");
        assertRefused(
                "import {x} from 'y';\nfunction map(e) { return {} }",
                "1:1: import must not be used: a script is one text");
        assertRefused(
                "export default function map(e) { return {} }", "1:1: export must not be used: a script is one text");
    }

    @Test
    public void aMissingFunctionIsAProblem() {
        assertRefused("var x = 1", "1:1: the script must define filter, map or flatMap, but defines none of them");
        assertRefused(
                "function map(e) { return {} }\nfunction flatMap(e) { return [] }",
                "1:1: the script must define map or flatMap, but defines both");
        ScriptException other = assertThrows(
                ScriptException.class,
                () -> compiled(
                        Script.javascript("function filter(e) { return true } function flatMap(e) { return [] }")
                                .withFunction(ScriptFunction.MAP),
                        PATIENT));
        assertThat(
                other.getMessage(), is("1:1: the script must define the function map, but defines filter and flatMap"));
        assertRefused("const map = 5", "1:1: the script must define filter, map or flatMap, but defines none of them");
    }

    @Test
    public void aResultOfAWrongTypeIsAProblemWhereItIsReturned() {
        assertRefused("function map(e) { }", "1:1: map must return an object, but returns nothing");
        assertRefused(
                "\n  function filter(e) { e.n > 1 }", "2:3: filter must return true or false, but returns nothing");
        assertRefused("const flatMap = e => { }", "1:17: flatMap must return an array of objects, but returns nothing");
        assertRefused(
                "function map(e) {\n  if (e.n) {\n    return null;\n  }\n  return [e];\n}",
                "3:12: map must return an object, but returns null; 5:10: map must return an object, but returns an array");
        assertRefused("const filter = e => 'yes'", "1:21: filter must return true or false, but returns a string");
        assertRefused(
                "const flatMap = e => ({})", "1:23: flatMap must return an array of objects, but returns an object");
        assertRefused("var map = function (e) { return 1 }", "1:33: map must return an object, but returns a number");
        assertRefused("function map(e) { return `x` }", "1:26: map must return an object, but returns a string");
        assertRefused("function map(e) { return undefined }", "1:26: map must return an object, but returns undefined");
        assertRefused(
                "function map(e) { return function () {} }", "1:26: map must return an object, but returns a function");
        assertRefused(
                "function map(e) { return /x/ }", "1:26: map must return an object, but returns a regular expression");
    }

    @Test
    public void aResultThatMayBeRightIsNoProblem() throws Exception {
        assertThat(run(compiled("function map(e) { return e.n ? e : null }"), "{\"n\":1}"), contains("{\"n\":1}"));
        assertThat(
                run(
                        compiled(
                                "function map(e) { const inner = x => 1; function other() { return 2 } return {n: inner() + other()} }"),
                        "{}"),
                contains("{\"n\":3}"));
        assertThat(
                run(compiled("function filter(e) { return true } function helper() { return 1 }"), "{}"),
                contains("{}"));
        compiled("function map(e) { throw 'never' }");
        compiled(
                Script.javascript("function filter(e) { return 1 } function map(e) { return {} }")
                        .withFunction(ScriptFunction.MAP),
                PATIENT);
    }

    @Test
    public void aBigIntIsAProblem() {
        assertRefused(
                "function map(e) {\n  return {a: 1n,\n    b: 2n};\n}",
                "2:14: a BigInt must not be used; 3:8: a BigInt must not be used");
    }

    @Test
    public void aTopLevelThatFailsIsAProblem() {
        assertRefused("\n  throw new Error('at once');\nfunction map(e) { return {} }", "2:3: Error: at once");
        assertRefused("null.x;\nfunction map(e) { return {} }", "1:1: TypeError: Cannot read property \"x\" from null");
        assertRefused(
                "var now = new Date();\nfunction map(e) { return {} }",
                "1:1: TypeError: there is no time at the script's top level before an event");
    }

    @Test
    public void aTopLevelThatDoesNotEndIsAProblem() {
        Script endless = Script.javascript("var a = 1;\n  for (;;) { }\nfunction map(e) { return {} }");
        ScriptException refused = assertThrows(ScriptException.class, () -> compiled(endless, ScriptLimits.DEFAULT));

        assertThat(refused.getMessage(), is("2:3: the script's top level cannot be run: it took more than 2000 ms"));
    }

    @Test
    public void aFunctionThatIsTooLargeIsAProblem() {
        assertRefused(
                "function map(e) { " + "e.a = e.b * 2;\n".repeat(9_000) + " return e }",
                "1:1: a function or an expression of the script is too large");
        assertRefused(
                "function map(e) { return {a: " + "(".repeat(9_000) + "1" + ")".repeat(9_000) + "} }",
                "1:1025: functions, blocks and operators must be nested at most 1000 deep");
    }

    @Test
    public void isRefusedForItsDepthHoweverMuchRoomTheThreadHas() throws Exception {
        String sum = String.join(" + ", Collections.nCopies(900, "e.n"));
        String deep = String.join(" + ", Collections.nCopies(1_100, "e.n"));
        for (long stack : new long[] {200_000, 1 << 20, 1 << 24}) {
            FutureTask<Void> task = new FutureTask<>(() -> {
                compiled("function map(e) { return {sum: " + sum + "} }");
                assertRefused(
                        "function map(e) {\n  return {sum: " + deep + "}\n}",
                        "2:16: functions, blocks and operators must be nested at most 1000 deep");
                return null;
            });
            new Thread(null, task, "stack of " + stack, stack).start();
            task.get();
        }
    }

    @Test
    public void aDefaultThatWouldBeTakenWronglyIsAProblem() {
        assertRefused(
                "function map(e) {\n  for (const {v = 1} of e.rows) { e.n = v }\n  return e\n}",
                "2:15: a default must not stand in the head of a loop: write it as a statement of its own");
        assertRefused(
                "function map(e) {\n  let v = 1;\n  [v = 2] = e.list;\n  return {v}\n}",
                "3:4: a default must not stand where a pattern is assigned to: write it as a statement of its own");
    }

    @Test
    public void aVariableOfALoopThatItsRoundsChangeAndAFunctionUsesIsAProblem() {
        String told =
                ": variable i of a loop must be changed in its head alone, and used by no function there, where a function in the"
                        + " loop uses it: give the function a const of the body";
        assertRefused(
                "function map(e) {\n  const all = [];\n  for (let i = 0; i < 9; i++) {\n    i += 1;\n"
                        + "    all.push(() => i);\n  }\n  return {n: all.length}\n}",
                "4:5" + told);
        assertRefused(
                "function map(e) {\n  for (let i = 0; [1].some(x => x > i); ) i++;\n  return e\n}", "2:37" + told);
        assertRefused(
                "function map(e) {\n  for (let i = 0; i < 2; [i] = [i + 1]) { e.f = () => { i++ } }\n  return e\n}",
                "2:57" + told);
        assertRefused(
                "function map(e) {\n  for (let i = 0; i < 2; i++) { for (i of [1]) { e.f = () => i } }\n  return e\n}",
                "2:33" + told);
    }

    @Test
    public void aRegularExpressionThatIsWrongIsAProblemWhereItStands() {
        assertRefused(
                "function map(e) {\n  return {x: /(/.test('a')}\n}",
                "2:14: the regular expression is wrong: SyntaxError: Unterminated parenthetical");
    }
}
