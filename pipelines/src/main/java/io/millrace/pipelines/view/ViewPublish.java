package io.millrace.pipelines.view;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.view.FullPublish;
import java.io.IOException;

/**
 * A full publish whose entries are of a part of a view.
 *
 * @param from where it comes from
 * @param part the number of the part
 * @param mustSayVersion whether a publish must say its version, since those of events are no times that the clock's could be compared with
 */
record ViewPublish(FullPublish<Event> from, int part, boolean mustSayVersion) implements FullPublish<ViewEvent> {

    @Override
    public Reader<ViewEvent> open() {
        Reader<Event> reader = from.open();
        return new Reader<>() {
            @Override
            public Page<ViewEvent> read(String cursor) throws IOException, InterruptedException {
                Page<Event> page = reader.read(cursor);
                if (mustSayVersion && cursor.equals(BEGINNING) && page.version() == null) {
                    throw new IOException(
                            "the first page must say the version of all, since changes have versions of their own");
                }
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
