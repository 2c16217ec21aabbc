package io.millrace.pipelines.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;

import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.devinterface.spec.ViewSpec;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import java.util.Set;
import org.junit.Test;

public class ChangedKeysTest {
    private static final String SPEC = """
            name: places
            sources:
              assets: {kafka: {bootstrapServers: "localhost:9092", topics: [assets]}}
              moves: {kafka: {bootstrapServers: "localhost:9092", topics: [moves]}}
            views:
              places:
                changes:
                  - {from: assets, filter: event.live, key: event.id, removes: event.removed}
                  - {from: assets, key: event.of, item: event.id}
                  - {from: moves, key: string(timestamp.getFullYear())}
            routes: [{name: all, from: [places], sink: {none: {}}}]
            deadLetters: {none: {}}
            """;

    @Test
    public void areThoseOfAllChangesOfTheSourceThatTakeTheEvent() throws Exception {
        assertThat(
                keys("assets", "{\"id\":\"a\",\"of\":\"b\",\"live\":true,\"removed\":false}", 0), contains("a", "b"));
        assertThat(keys("assets", "{\"id\":\"a\",\"of\":\"b\",\"live\":true,\"removed\":true}", 0), contains("a", "b"));
        assertThat(keys("assets", "{\"id\":\"a\",\"of\":\"b\",\"live\":false}", 0), contains("b"));
    }

    @Test
    public void areNoneOfWhatTheViewDoesNotTakeIn() throws Exception {
        assertThat(keys("assets", "{\"id\":\"a\",\"live\":true,\"removed\":false}", 0), contains("a"));
        assertThat(
                "it is not said whether it is removed",
                keys("assets", "{\"id\":\"a\",\"of\":\"b\",\"live\":true}", 0),
                contains("b"));
        assertThat("its item has no name", keys("assets", "{\"of\":\"b\",\"live\":false}", 0), empty());
        assertThat(keys("assets", "no JSON", 0), empty());
    }

    @Test
    public void canBeOfTheTime() throws Exception {
        assertThat(keys("moves", "{}", 1_700_000_000_000L), contains("2023"));
    }

    private static Set<String> keys(String source, String value, long time) throws Exception {
        ViewSpec view = SpecReader.read(SPEC, Target.LOCAL).namedViews().get("places");
        return ChangedKeys.of("places", view, source)
                .of(Event.of(new Origin(source, 0, 0), null, value.getBytes(UTF_8)), time);
    }
}
