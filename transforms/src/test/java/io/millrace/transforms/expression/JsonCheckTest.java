package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import java.util.List;
import org.junit.Test;

public class JsonCheckTest {

    @Test
    public void takesOneValueOfAnyKind() {
        for (String json : List.of(
                "{\"a\":[1,{}]}",
                "[]",
                " [1, 2]\n",
                "\"\"",
                "\"ü \\ud83d\"",
                "0",
                "-1.5e3",
                "true",
                "false",
                "null\t")) {
            assertThat(json, problem(json), is(nullValue()));
        }
    }

    @Test
    public void saysWhatIsWrongAndWhere() {
        assertThat(problem(""), is("the document ends too early at byte 0"));
        assertThat(problem(" "), is("the document ends too early at byte 1"));
        assertThat(problem("<html>"), is("no JSON value at byte 0"));
        assertThat(problem("{\"a\":1"), is("the document ends too early at byte 6"));
        assertThat(problem("1 2"), is("unexpected byte after the document at 2"));
        assertThat(problem("truely"), is("unexpected byte after the document at 4"));
        assertThat(problem("[".repeat(513)), is("more than 512 levels at byte 512"));
        assertThat(problem("\uFEFF{}"), is("no JSON value at byte 0"));
        assertThat(JsonCheck.problem(new byte[] {'"', (byte) 0xC3, '"'}), is("not UTF-8 at byte 1"));
        assertThat(JsonCheck.problem("{}".getBytes(UTF_16LE)), is("no field name at byte 1"));
    }

    private static String problem(String json) {
        return JsonCheck.problem(json.getBytes(UTF_8));
    }
}
