package io.millrace.pipelines.script;

import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlRecord;
import io.millrace.transforms.script.version.ControlReply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What jobs say of records from when this is opened on.
 *
 * <p><i>Fails</i>: never; that nothing can be heard is only noted, once.
 */
public final class Answers implements AutoCloseable {
    private static final Duration ASKED_EVERY = Duration.ofMillis(100);
    private static final Duration DONE_WITHIN = Duration.ofSeconds(30);

    private final Optional<ControlLog.Replies> replies;
    private final Consumer<String> notes;
    private final Queue<ControlReply> heard = new ConcurrentLinkedQueue<>();
    private boolean noted;

    private Answers(Optional<ControlLog.Replies> replies, Consumer<String> notes) {
        this.replies = replies;
        this.notes = notes;
    }

    /** Begins to hear what is said of a log's records; what goes wrong with that is given to {@code notes}. */
    public static Answers of(ControlLog log, Consumer<String> notes) {
        try {
            return new Answers(Optional.of(log.listen()), notes);
        } catch (IOException | RuntimeException e) {
            notes.accept(unheard(e));
            return new Answers(Optional.empty(), notes);
        }
    }

    /**
     * What was said of a record, once each, the oldest first.
     *
     * @param last what is waited for
     */
    public List<ControlReply> to(ControlRecord control, Predicate<ControlReply> last, Duration within)
            throws InterruptedException {
        CountDownLatch said = new CountDownLatch(1);
        ScheduledExecutorService asking = Executors.newSingleThreadScheduledExecutor();
        replies.ifPresent(from -> asking.scheduleWithFixedDelay(
                () -> {
                    hear(control, from);
                    if (heard.stream().anyMatch(last)) {
                        said.countDown();
                    }
                },
                0,
                ASKED_EVERY.toMillis(),
                TimeUnit.MILLISECONDS));
        long atMost = replies.isPresent() ? within.toNanos() : 0;
        boolean isSaid = said.await(atMost, TimeUnit.NANOSECONDS);
        asking.shutdown();
        if (!isSaid && !asking.awaitTermination(DONE_WITHIN.toNanos(), TimeUnit.NANOSECONDS)) {
            asking.shutdownNow();
        }
        return heard.stream().distinct().toList();
    }

    private void hear(ControlRecord control, ControlLog.Replies from) {
        try {
            from.read().stream().filter(reply -> isOf(reply, control)).forEach(heard::add);
        } catch (IOException | RuntimeException e) {
            if (!noted) {
                notes.accept(unheard(e));
            }
            noted = true;
        }
    }

    /** The id of a refused record is free again; so a refusal may be that of an earlier record of the same id. */
    private static boolean isOf(ControlReply reply, ControlRecord control) {
        return reply.record().equals(control.id())
                && (reply.isAccepted() || control.effectiveFrom().equals(reply.effectiveFrom()));
    }

    private static String unheard(Exception e) {
        return "what jobs say cannot be heard: " + e.getMessage();
    }

    @Override
    public void close() {
        replies.ifPresent(ControlLog.Replies::close);
    }
}
