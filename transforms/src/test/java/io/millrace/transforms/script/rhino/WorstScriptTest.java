package io.millrace.transforms.script.rhino;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.testfixtures.scripts.HostileScript;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptEngines;
import io.millrace.transforms.script.engine.ScriptInput;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.BeforeClass;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;

/** A script at its worst: what becomes of the event that asks for an attack, and of the next one. */
@RunWith(Parameterized.class)
public class WorstScriptTest {
    private static CompiledScript script;

    @Parameter
    @SuppressWarnings("NullAway.Init")
    public String attack;

    @Parameter(1)
    @SuppressWarnings("NullAway.Init")
    public Reason reason;

    @Parameters(name = "{0}")
    public static Collection<Object[]> attacks() {
        List<Object[]> attacks = new ArrayList<>();
        HostileScript.stopped().forEach(attack -> attacks.add(new Object[] {attack, Reason.SCRIPT_LIMIT}));
        HostileScript.failing().forEach(attack -> attacks.add(new Object[] {attack, Reason.SCRIPT_FAILED}));
        return attacks;
    }

    @BeforeClass
    public static void compile() {
        Script text = Script.javascript(HostileScript.source()).withFunction(ScriptFunction.MAP);
        script = ScriptEngines.of(text.language()).compile(text, ScriptLimits.DEFAULT);
    }

    @Test(timeout = 60_000)
    public void costsItsOwnEventAlone() throws ScriptFailure {
        ScriptFailure failure = assertThrows(ScriptFailure.class, () -> run(HostileScript.attacking(attack)));

        assertThat(failure.getMessage(), failure.reason(), is(reason));
        assertThat(run(HostileScript.good(7)), contains(HostileScript.result(7)));
    }

    private static List<String> run(String value) throws ScriptFailure {
        Event event = Event.of(new Origin("plays", 0, 0), null, value.getBytes(UTF_8));
        return script.run(new ScriptInput(event, 0, "v1")).stream()
                .map(result -> new String(result, UTF_8))
                .toList();
    }
}
