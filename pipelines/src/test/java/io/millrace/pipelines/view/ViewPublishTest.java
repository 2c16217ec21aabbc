package io.millrace.pipelines.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.view.FullPublish;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.Test;

/** A full publish as a view of a spec reads it. */
public class ViewPublishTest {
    private static final Event ENTRY = Event.of(new Origin("all.jsonl", 0, 0), null, "{}".getBytes(UTF_8));

    /** Two pages of an entry each. */
    private record TwoPages(@Nullable Long version) implements FullPublish<Event> {
        @Override
        public Reader<Event> open() {
            return new Reader<>() {
                @Override
                public Page<Event> read(String cursor) {
                    boolean isFirst = cursor.equals(BEGINNING);
                    return new Page<>(List.of(ENTRY), isFirst ? "2" : null, isFirst ? version : null);
                }

                @Override
                public void close() {}
            };
        }
    }

    private static void assertRead(FullPublish<ViewEvent> publish, @Nullable Long version) throws Exception {
        try (FullPublish.Reader<ViewEvent> reader = publish.open()) {
            assertThat(
                    reader.read(FullPublish.BEGINNING),
                    is(new FullPublish.Page<>(List.of(new ViewEvent(3, ENTRY)), "2", version)));
            assertThat(reader.read("2"), is(new FullPublish.Page<>(List.of(new ViewEvent(3, ENTRY)), null, null)));
        }
    }

    @Test
    public void itsEntriesAreOfThePartBehindAllChanges() throws Exception {
        assertRead(new ViewPublish(new TwoPages(7L), 3, true), 7L);
        assertRead(new ViewPublish(new TwoPages(7L), 3, false), 7L);
        assertRead(new ViewPublish(new TwoPages(null), 3, false), null);
    }

    @Test
    public void cannotBeReadWithoutAVersionWhereEventsHaveVersionsOfTheirOwn() throws Exception {
        try (FullPublish.Reader<ViewEvent> reader = new ViewPublish(new TwoPages(null), 3, true).open()) {
            IOException refused = assertThrows(IOException.class, () -> reader.read(FullPublish.BEGINNING));
            assertThat(
                    refused.getMessage(),
                    is("the first page must say the version of all, since changes have versions of their own"));
        }
    }
}
