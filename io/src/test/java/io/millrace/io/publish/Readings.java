package io.millrace.io.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.view.FullPublish;
import io.millrace.transforms.view.FullPublish.Page;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Reads full publishes, for tests. */
public final class Readings {
    private static final int MOST_PAGES = 1_000;

    private Readings() {}

    /** One page, by a reader of its own. */
    public static Page<Event> page(FullPublish<Event> publish, String cursor) throws IOException, InterruptedException {
        try (FullPublish.Reader<Event> reader = publish.open()) {
            return reader.read(cursor);
        }
    }

    /** All entries as texts, by one reader. */
    public static List<String> all(FullPublish<Event> publish) throws IOException, InterruptedException {
        try (FullPublish.Reader<Event> reader = publish.open()) {
            List<String> texts = new ArrayList<>();
            String cursor = FullPublish.BEGINNING;
            for (int pages = 0; cursor != null; pages++) {
                assertThat("pages", pages, is(lessThan(MOST_PAGES)));
                Page<Event> page = reader.read(cursor);
                texts.addAll(texts(page));
                cursor = page.next();
            }
            return texts;
        }
    }

    /** The texts of a page's entries. */
    public static List<String> texts(Page<Event> page) {
        return page.entries().stream().map(Readings::text).toList();
    }

    /** The entries of a page, as {@code stream:offset text}. */
    public static List<String> entries(Page<Event> page) {
        return page.entries().stream().map(Readings::entry).toList();
    }

    /** All entries, where readers come and go, pages are read again, and a reader is used for what is not its next page. */
    public static List<String> entriesThroughRestarts(FullPublish<Event> publish, Random random)
            throws IOException, InterruptedException {
        List<String> entries = new ArrayList<>();
        String cursor = FullPublish.BEGINNING;
        String former = FullPublish.BEGINNING;
        FullPublish.Reader<Event> reader = publish.open();
        try {
            while (cursor != null) {
                if (random.nextInt(3) == 0) {
                    reader.close();
                    reader = publish.open();
                }
                if (random.nextInt(3) == 0) {
                    reader.read(former);
                }
                Page<Event> page = reader.read(cursor);
                entries.addAll(entries(page));
                former = cursor;
                cursor = page.next();
            }
        } finally {
            reader.close();
        }
        return entries;
    }

    private static String entry(Event event) {
        Origin origin = event.id().origin();
        return origin.stream() + ":" + origin.offset() + " " + text(event);
    }

    private static String text(Event event) {
        return new String(event.value(), UTF_8);
    }
}
