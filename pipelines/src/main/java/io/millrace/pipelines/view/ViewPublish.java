package io.millrace.pipelines.view;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.view.FullPublish;
import java.io.IOException;

/**
 * A full publish whose entries are of a part of a view.
 *
 * @param from where it comes from
 * @param part the number of the part
 */
record ViewPublish(FullPublish<Event> from, int part) implements FullPublish<ViewEvent> {

    @Override
    public Reader<ViewEvent> open() {
        Reader<Event> reader = from.open();
        return new Reader<>() {
            @Override
            public Page<ViewEvent> read(String cursor) throws IOException, InterruptedException {
                Page<Event> page = reader.read(cursor);
                return new Page<>(
                        page.entries().stream()
                                .map(entry -> new ViewEvent(part, entry))
                                .toList(),
                        page.next(),
                        page.version());
            }

            @Override
            public void close() throws IOException {
                reader.close();
            }
        };
    }
}
