package io.millrace.devinterface.spec;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import org.junit.Test;

public class PlainTest {

    @Test
    public void canonicalJsonSortsKeysByTheirUtf16AndEscapesAsLittleAsItMay() {
        Object plain = Plain.map(
                "\u20ac",
                "a/\"\\\b\t\n\f\r\u0001\u007f\u2028",
                "\ud83d\ude00",
                List.of(1L, true, List.of()),
                "\ufb33",
                Plain.map(),
                "1",
                Long.MAX_VALUE);

        assertThat(
                Plain.canonicalJson(plain),
                is("{\"1\":9223372036854775807,\"\u20ac\":\"a/\\\"\\\\\\b\\t\\n\\f\\r\\u0001\u007f\u2028\","
                        + "\"\ud83d\ude00\":[1,true,[]],\"\ufb33\":{}}"));
    }

    @Test
    public void prettyJsonKeepsTheOrder() {
        assertThat(
                Plain.prettyJson(
                        Plain.map("b", List.of("x", "y"), "a", List.of(Plain.map("c", 1L)), "d", Plain.map()), ""),
                is("""
                        {
                          "b": ["x","y"],
                          "a": [
                            {
                              "c": 1
                            }
                          ],
                          "d": {}
                        }"""));
    }
}
