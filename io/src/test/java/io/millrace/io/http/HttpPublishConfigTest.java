package io.millrace.io.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.config.Setting;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.Test;

public class HttpPublishConfigTest {
    private final HttpPublish publish = HttpPublish.of("http://localhost/assets");

    private static void assertRefused(String message, Supplier<HttpPublish> made) {
        assertThat(assertThrows(IllegalArgumentException.class, made::get).getMessage(), is(message));
    }

    @Test
    public void settingsThatMakeNoSenseAreRefused() {
        assertRefused(
                "url must be http:// or https:// with a host and without a fragment, but was 'assets'",
                () -> HttpPublish.of("assets"));
        assertRefused(
                "headers.Authorization must have a reference in it, such as ${env:NAME} or ${file:PATH}, so that the secret"
                        + " stays out of the job",
                () -> publish.withHeaders(Map.of("Authorization", "Bearer x")));
        assertRefused(
                "items must be names of fields with dots between them, but was 'data..items'",
                () -> publish.withItems("data..items"));
        assertRefused(
                "next must be names of fields with dots between them, but was ''",
                () -> publish.withItems("assets").withNext(""));
        assertRefused(
                "items must be given where next or version is, since a page without it is a list and has no fields",
                () -> publish.withNext("next"));
        assertRefused(
                "items must be given where next or version is, since a page without it is a list and has no fields",
                () -> publish.withVersion("asOf"));
        assertRefused(
                "nextParameter must not be empty, and be given only where next is, but was ''",
                () -> publish.withItems("assets").withNext("next", ""));
        assertRefused("maxPageBytes must be at least 1, but was 0", () -> publish.withMaxPageBytes(0));
        assertRefused(
                "pageWithin must be at least a second, but was PT0.999S",
                () -> publish.withPageWithin(Duration.ofMillis(999)));
    }

    @Test
    public void defaultsAreAsTheSettingsSay() throws Exception {
        assertThat(byDefault("maxPageBytes"), is(String.valueOf(HttpPublish.DEFAULT_MAX_PAGE_BYTES)));
        assertThat(byDefault("pageWithin"), is(HttpPublish.DEFAULT_PAGE_WITHIN.toString()));
    }

    private static String byDefault(String name) throws ReflectiveOperationException {
        for (RecordComponent component : HttpPublish.class.getRecordComponents()) {
            if (component.getName().equals(name)) {
                return component.getAnnotation(Setting.class).byDefault();
            }
        }
        throw new NoSuchFieldException(name);
    }
}
