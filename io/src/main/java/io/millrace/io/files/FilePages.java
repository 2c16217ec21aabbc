package io.millrace.io.files;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.view.FullPublish;
import io.millrace.transforms.view.FullPublish.BrokenOffException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads lines in pages. The file in which a page ended stays open for the next one. */
final class FilePages implements FullPublish.Reader<Event> {
    private final String path;
    private final int mostLines;
    private final long mostBytes;
    private final int longestLine;
    private @Nullable OpenFile open;

    FilePages(String path, int mostLines, long mostBytes, int longestLine) {
        this.path = path;
        this.mostLines = mostLines;
        this.mostBytes = mostBytes;
        this.longestLine = longestLine;
    }

    @Override
    public FullPublish.Page<Event> read(String cursor) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        boolean isRead = false;
        try {
            FullPublish.Page<Event> page = cursor.equals(FullPublish.BEGINNING) ? first() : following(cursor);
            isRead = true;
            return page;
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw (InterruptedException) new InterruptedException().initCause(e);
        } finally {
            if (!isRead) {
                close();
            }
        }
    }

    private FullPublish.Page<Event> first() throws IOException {
        FilesNow now = FilesNow.at(path);
        if (now.files().isEmpty()) {
            throw new FileNotFoundException("path must lead to at least one file, but was " + path);
        }
        return page(now, new FileCursor(now.state(), 0, 0), now.changed());
    }

    private FullPublish.Page<Event> following(String cursor) throws IOException {
        FileCursor at = FileCursor.read(cursor, path);
        return page(checkSame(at.state()), at, null);
    }

    private FilesNow checkSame(String state) throws IOException {
        FilesNow now = FilesNow.at(path);
        if (!now.state().equals(state)) {
            throw new BrokenOffException(path + " cannot be gone on with: its files are others than at the beginning");
        }
        return now;
    }

    private FullPublish.Page<Event> page(FilesNow now, FileCursor begin, @Nullable Long version) throws IOException {
        List<Event> entries = new ArrayList<>();
        FileCursor at = begin;
        long bytes = 0;
        while (at.file() < now.files().size() && entries.size() < mostLines && bytes < mostBytes) {
            OpenFile file = openAt(now, at);
            Event entry = file.next();
            if (entry == null) {
                close();
                at = at.nextFile();
            } else {
                entries.add(entry);
                bytes += file.position() - at.position();
                at = at.at(file.position());
            }
        }
        return new FullPublish.Page<>(entries, nextOf(at, now), version);
    }

    /** Behind the last page nobody looks again whether the files are still the same. */
    private @Nullable String nextOf(FileCursor at, FilesNow now) throws IOException {
        if (at.file() < now.files().size()) {
            return at.text();
        }
        checkSame(at.state());
        return null;
    }

    private OpenFile openAt(FilesNow now, FileCursor at) throws IOException {
        if (open == null || !open.isAt(at)) {
            close();
            open = OpenFile.at(now.files().get(at.file()), at, longestLine);
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        OpenFile closing = open;
        open = null;
        if (closing != null) {
            closing.close();
        }
    }
}
