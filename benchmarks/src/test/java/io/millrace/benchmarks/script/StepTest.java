package io.millrace.benchmarks.script;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.expression.Documents;
import io.millrace.benchmarks.expression.Shape;
import org.jspecify.annotations.Nullable;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;

/** What is measured side by side does the same. */
@RunWith(Parameterized.class)
public class StepTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DOCUMENTS = 500;

    @Parameters(name = "{0}")
    public static Shape[] shapes() {
        return Shape.values();
    }

    @Parameter
    @SuppressWarnings("NullAway.Init")
    public Shape shape;

    @Test
    public void theScriptAndJavaMakeTheSame() throws Exception {
        Step script = new ScriptStep(shape);
        Step tree = new TreeStep(shape);
        int results = 0;
        for (byte[] document : new Documents(7, shape, true).make(DOCUMENTS, 400)) {
            byte[] expected = tree.run(document);
            assertThat(numbers(script.run(document)), equalTo(numbers(expected)));
            results += expected == null ? 0 : 1;
        }
        assertThat(results, greaterThan(DOCUMENTS / 4));
        assertThat(results, lessThan(DOCUMENTS));
    }

    /** JavaScript writes a whole number without a fraction. */
    private static @Nullable JsonNode numbers(byte @Nullable [] json) throws Exception {
        return json == null
                ? null
                : JSON.readTree(new String(json, java.nio.charset.StandardCharsets.UTF_8).replaceAll("\\.0}$", "}"));
    }
}
