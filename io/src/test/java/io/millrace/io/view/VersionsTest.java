package io.millrace.io.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import org.jspecify.annotations.Nullable;
import org.junit.Test;

public class VersionsTest {
    private static final Versions VERSIONS = new Versions("v");

    @Test
    public void readsAWholeNumberAtTheTopLevel() {
        assertThat(of("{\"v\":7}"), is(7L));
        assertThat(of(" {\"a\":{\"v\":1},\"b\":[{\"v\":2}],\"v\":-9223372036854775808} "), is(Long.MIN_VALUE));
        assertThat("of several the last", of("{\"v\":1,\"v\":2}"), is(2L));
        assertThat(of("{\"\\u0076\":3}"), is(3L));
    }

    @Test
    public void anythingElseIsNone() {
        for (String document : new String[] {
            "{}",
            "{\"v\":\"7\"}",
            "{\"v\":7.0}",
            "{\"v\":9223372036854775808}",
            "{\"v\":null}",
            "{\"v\":{\"v\":1}}",
            "7",
            "[{\"v\":7}]",
            "",
            "{\"v\":7",
            "no JSON",
            "{\"a\":{\"v\":7}}",
            "{\"v\":1,\"v\":\"2\"}"
        }) {
            assertThat(document, of(document), is(nullValue()));
        }
    }

    private static @Nullable Long of(String document) {
        return VERSIONS.of(document.getBytes(UTF_8));
    }
}
