package io.millrace.pipelines.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.view.ViewUpdate;
import io.millrace.transforms.view.ViewUpdate.Cause;
import java.util.List;
import org.junit.Test;

/** What routes get of a view. */
public class ViewDocumentsTest {
    private static final Origin ORIGIN = new Origin("assets/locations", 0, 7);

    private static Event event(String key, long version, Cause cause, String... items) {
        List<byte[]> values =
                List.of(items).stream().map(ViewDocumentsTest::bytes).toList();
        return ViewDocuments.event(ORIGIN, key, new ViewUpdate<>(version, values, cause));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Headers version(String version) {
        return Headers.empty().with("millrace-version", bytes(version));
    }

    @Test
    public void aKeyHasItsItemsAndItsVersion() {
        Event event = event("us/\"m\"", 17, Cause.CHANGE, "{\"a\":1.10}", "7");

        assertThat(new String(requireNonNull(event.key()), UTF_8), is("us/\"m\""));
        assertThat(
                new String(requireNonNull(event.value()), UTF_8),
                is("{\"version\":17,\"key\":\"us/\\\"m\\\"\",\"items\":[{\"a\":1.10},7]}"));
        assertThat(event.headers(), is(version("17")));
        assertThat(event.id().origin(), is(ORIGIN));
    }

    @Test
    public void aKeyThatIsRemovedHasNoValue() {
        Event event = event("m", -1, Cause.CHANGE);

        assertThat(event.value(), is(nullValue()));
        assertThat(event.headers(), is(version("-1")));
    }

    @Test
    public void whatIsToldToRepairSaysSo() {
        assertThat(event("m", 3, Cause.FLUSH, "1").headers(), is(version("3")));
        assertThat(event("m", 3, Cause.RENEW).headers(), is(version("3").with("millrace-guard", bytes("version"))));
        assertThat(event("m", 3, Cause.REPAIR).headers(), is(version("3").with("millrace-guard", bytes("replace"))));
    }
}
