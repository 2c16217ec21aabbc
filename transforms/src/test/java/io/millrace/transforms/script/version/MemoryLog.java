package io.millrace.transforms.script.version;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A control log in memory, by a clock that a test moves; can be made not to answer. */
public final class MemoryLog implements ControlLog {
    private static final long serialVersionUID = 1;

    private final transient Clock clock;
    private final transient List<Entry> entries = new ArrayList<>();
    private final transient List<ControlReply> replies = new ArrayList<>();
    private transient @Nullable String silence;
    private transient boolean unusable;
    private transient int open;
    private transient int opened;
    private transient Runnable opening = () -> {};
    private transient Runnable writing = () -> {};
    private transient int hiddenFrom = Integer.MAX_VALUE;

    public MemoryLog(Clock clock) {
        this.clock = clock;
    }

    synchronized void fall(@Nullable String silence) {
        this.silence = silence;
    }

    synchronized void makeUnusable() {
        unusable = true;
    }

    /** What happens while the log is opened to be written, and while a record is on its way to it. */
    void slow(Runnable opening, Runnable writing) {
        this.opening = opening;
        this.writing = writing;
    }

    /** Hides all entries but the first so many. */
    synchronized void hideFrom(int number) {
        hiddenFrom = number;
    }

    private synchronized int hiddenFrom() {
        return hiddenFrom;
    }

    /** How many readers are open, after a change. */
    public synchronized int open(int change) {
        open += change;
        opened += Math.max(0, change);
        return open;
    }

    /** How many readers were ever opened. */
    public synchronized int opened() {
        return opened;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public boolean exists() {
        return true;
    }

    @Override
    public Reader open() throws IOException {
        checkAnswers();
        open(1);
        return new Reader() {
            private int next;

            @Override
            public Read read() throws IOException {
                List<Entry> all = all();
                int end = Math.min(all.size(), hiddenFrom());
                List<Entry> came = all.subList(next, end);
                next = end;
                return new Read(came, end == all.size());
            }

            @Override
            public void close() {
                open(-1);
            }
        };
    }

    private synchronized void checkAnswers() throws IOException {
        if (unusable) {
            throw new ControlLogException("topic control must have one partition");
        }
        if (silence != null) {
            throw new IOException(silence);
        }
    }

    private synchronized List<Entry> all() throws IOException {
        checkAnswers();
        return List.copyOf(entries);
    }

    synchronized Instant add(String text) {
        return add(text, clock.instant());
    }

    /** Adds an entry that another clock has stamped. */
    synchronized Instant add(String text, Instant published) {
        entries.add(new Entry(text, published));
        return published;
    }

    /** Takes records; each is there after what {@link #slow} says has passed. */
    @Override
    public Writer write() throws IOException {
        checkAnswers();
        opening.run();
        return new Writer() {
            @Override
            public Instant append(ControlRecord control) throws IOException {
                checkAnswers();
                writing.run();
                return add(control.toJson());
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public synchronized void reply(List<ControlReply> more) {
        replies.addAll(more);
    }

    public synchronized List<ControlReply> replies() {
        return List.copyOf(replies);
    }

    @Override
    public synchronized Replies listen() {
        return new Replies() {
            private int next = replies().size();

            @Override
            public List<ControlReply> read() {
                List<ControlReply> all = replies();
                List<ControlReply> came = List.copyOf(all.subList(next, all.size()));
                next = all.size();
                return came;
            }

            @Override
            public void close() {}
        };
    }
}
