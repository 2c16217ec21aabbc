package io.millrace.pipelines.router;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class StartedWithTest {

    private static String text(String spec, String... beamOptions) {
        return new StartedWith(spec, "v1", List.of(beamOptions)).text();
    }

    @Test
    public void isReadAgainAsItWas() {
        StartedWith start = new StartedWith(
                "{\"name\":\"plays\",\"routes\":[{\"key\":\"event.token_count\"}]}", "v1", List.of("--parallelism=2"));

        assertThat(StartedWith.parse(start.text()), is(Optional.of(start)));
        assertThat(StartedWith.parse(""), is(Optional.empty()));
    }

    @Test
    public void showsNothingWhereThereMayBeASecret() {
        String jaas = "{\"source\":{\"kafka\":{\"properties\":{\"sasl.jaas.config\":\"%s\"}}}}";

        assertThat(text(jaas.formatted("module required password=\\\"mine\\\"")), is(""));
        assertThat(text(jaas.formatted("${env:JAAS}")).isEmpty(), is(false));
        assertThat(
                text(jaas.formatted("module required password=\\\"${env:PASSWORD}\\\""))
                        .isEmpty(),
                is(false));
        assertThat(text(jaas.formatted("IAMLoginModule required;")).isEmpty(), is(false));
        assertThat(
                text("{\"properties\":{\"ssl.keystore.location\":\"/keys\"}}").isEmpty(), is(false));
        assertThat(text("{\"properties\":{\"ssl.keystore.key\":\"mine\"}}"), is(""));
        assertThat(text("{\"routes\":[{\"sink\":{\"mine\":{\"apiToken\":\"mine\"}}}]}"), is(""));
        assertThat(text("{}", "--awsCredentialsProvider={\"secretKey\":\"mine\"}"), is(""));
        assertThat(text("{}", "--password=${env:PASSWORD}").isEmpty(), is(false));
    }
}
