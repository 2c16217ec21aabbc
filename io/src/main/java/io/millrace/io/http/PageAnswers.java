package io.millrace.io.http;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.expression.JsonCheck;
import io.millrace.transforms.view.FullPublish.BrokenOffException;
import io.millrace.transforms.view.FullPublish.Page;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What answers to the question for a page mean. */
final class PageAnswers {
    private static final int OK = 200;
    private static final int FIRST_OF_THE_CLIENTS_FAULT = 400;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int FIRST_OF_THE_SERVERS_FAULT = 500;

    private final HttpPublish publish;
    private final PageAddresses addresses;
    private final Excerpt excerpt;

    PageAnswers(HttpPublish publish, PageAddresses addresses, Excerpt excerpt) {
        this.publish = publish;
        this.addresses = addresses;
        this.excerpt = excerpt;
    }

    /**
     * The page that was answered.
     *
     * @throws BrokenOffException if the service no longer knows it
     * @throws IOException if there is none
     */
    Page<Event> page(Answer answer, PageCursor at) throws IOException {
        checkStatus(answer, at);
        checkWhole(answer, at);
        JsonPage page = JsonPage.of(answer.body(), publish.items(), fields());
        List<Event> entries = entries(page, answer, at);
        Long version = at.isFirst() ? version(page, answer, at) : null;
        return new Page<>(entries, next(page, answer, at, entries.size()), version);
    }

    private Set<String> fields() {
        return Stream.of(publish.next(), publish.version())
                .filter(path -> path != null)
                .collect(Collectors.toSet());
    }

    private void checkStatus(Answer answer, PageCursor at) throws IOException {
        int status = answer.status();
        if (status == OK) {
            return;
        }
        String text = addresses.named(at) + " answered " + status + told("to ", answer.location())
                + told("Retry-After: ", answer.retryAfter()) + excerpt.beginning(answer.body());
        boolean isNoMore = status >= FIRST_OF_THE_CLIENTS_FAULT
                && status < FIRST_OF_THE_SERVERS_FAULT
                && status != REQUEST_TIMEOUT
                && status != TOO_MANY_REQUESTS;
        throw isNoMore && !at.isFirst() ? new BrokenOffException(text) : new IOException(text);
    }

    private String told(String what, @Nullable String header) {
        return header == null ? "" : " (" + what + excerpt.of(header) + ")";
    }

    private void checkWhole(Answer answer, PageCursor at) throws IOException {
        if (!answer.whole()) {
            throw answered("more than maxPageBytes, " + publish.maxPageBytes() + " bytes", answer, at);
        }
        if (!answer.hasEnd()) {
            throw answered("without saying where its answer ends, by Content-Length or in chunks", answer, at);
        }
        String problem = JsonCheck.problem(answer.body());
        if (problem != null) {
            throw answered("what is no JSON value (" + problem + ")", answer, at);
        }
    }

    private IOException answered(String what, Answer answer, PageCursor at) {
        return new IOException(addresses.named(at) + " answered " + what + excerpt.beginning(answer.body()));
    }

    private List<Event> entries(JsonPage page, Answer answer, PageCursor at) throws IOException {
        List<byte[]> items = page.items();
        if (items == null) {
            throw answered(
                    publish.items() == null
                            ? "a page that is no list, whose path items must say"
                            : "a page without a list at items, '" + publish.items() + "'",
                    answer,
                    at);
        }
        List<Event> entries = new ArrayList<>(items.size());
        for (byte[] item : items) {
            Origin origin = new Origin(addresses.place(), 0, at.entries() + entries.size());
            entries.add(Event.of(origin, null, item));
        }
        return entries;
    }

    private @Nullable Long version(JsonPage page, Answer answer, PageCursor at) throws IOException {
        if (publish.version() == null) {
            return null;
        }
        byte[] json = page.field(publish.version());
        if (json != null && JsonValues.isNull(json)) {
            return null;
        }
        Long version = json == null ? null : version(JsonValues.text(json), JsonValues.isText(json));
        if (version == null) {
            throw answered(
                    "a page without a whole number, an RFC 3339 time or null at version, '" + publish.version() + "'",
                    answer,
                    at);
        }
        return version;
    }

    /** Null where it is none. */
    private static @Nullable Long version(@Nullable String said, boolean isText) {
        try {
            return said == null ? null : isText ? (Long) Instant.parse(said).toEpochMilli() : Long.valueOf(said);
        } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    private @Nullable String next(JsonPage page, Answer answer, PageCursor at, int entries) throws IOException {
        String said = publish.next() == null ? linked(answer, at) : said(page, publish.next(), answer, at);
        if (said == null) {
            return null;
        }
        PageCursor next = at.next(addresses.next(said, at), entries);
        if (next == null) {
            throw new BrokenOffException(addresses.named(at) + " leads to a page that was read before");
        }
        return next.text(addresses);
    }

    private @Nullable String linked(Answer answer, PageCursor at) throws IOException {
        try {
            return Links.next(answer.links());
        } catch (IllegalArgumentException e) {
            throw new IOException(addresses.named(at) + " answered a Link that cannot be read", e);
        }
    }

    private @Nullable String said(JsonPage page, String path, Answer answer, PageCursor at) throws IOException {
        byte[] json = page.field(path);
        if (json == null || JsonValues.isNull(json)) {
            return null;
        }
        String said = JsonValues.text(json);
        if (said == null) {
            throw answered("a page with neither a text nor a number nor null at next, '" + path + "'", answer, at);
        }
        return said.isEmpty() ? null : said;
    }
}
