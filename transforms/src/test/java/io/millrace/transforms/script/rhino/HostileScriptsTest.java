package io.millrace.transforms.script.rhino;

import static io.millrace.transforms.script.rhino.Scripts.compiled;
import static io.millrace.transforms.script.rhino.Scripts.run;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.startsWith;

import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.rhino.HostileScripts.Hostile;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** A script that means harm costs its own event, and the next one finds everything as it was. */
@RunWith(Parameterized.class)
public class HostileScriptsTest {
    private static final String GOOD = "{\"n\":1,\"kept\":[1.0,{\"a\":\"b\"}]}";
    private static final String MADE = "{\"good\":2,\"again\":" + GOOD + "}";

    @Parameters(name = "{0}")
    public static List<Hostile> scripts() {
        return HostileScripts.all();
    }

    private final Hostile hostile;

    public HostileScriptsTest(Hostile hostile) {
        this.hostile = hostile;
    }

    @Test(timeout = 60_000)
    public void costsItsOwnEventAlone() throws Exception {
        CompiledScript script = compiled(Script.javascript(hostile.source()), ScriptLimits.DEFAULT);
        assertThat(run(script, GOOD), contains(MADE));
        check(script);
        assertThat(run(script, GOOD), contains(MADE));
        check(script);
        assertThat(run(script, GOOD), contains(MADE));
    }

    private void check(CompiledScript script) {
        String outcome = outcome(script);
        if (hostile.expected() != null) {
            assertThat(outcome, startsWith(hostile.expected().name() + ": "));
            assertThat(outcome.length(), lessThanOrEqualTo(400));
        } else {
            assertThat(outcome, is("{\"harmless\":true}"));
        }
    }

    private static String outcome(CompiledScript script) {
        try {
            return run(script, "{\"hostile\":true}").get(0);
        } catch (ScriptFailure e) {
            return e.reason() + ": " + e.getMessage();
        }
    }
}
