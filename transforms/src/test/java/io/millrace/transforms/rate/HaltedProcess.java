package io.millrace.transforms.rate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Semaphore;

/**
 * A process whose tasks take permits, in a time of its own: one task runs at a time, and the time goes on where all wait. At random, tasks
 * have nothing to do for a while, wake late, and are halted all together as by SIGSTOP.
 */
final class HaltedProcess {
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    private final Random random;
    private final Permits permits;
    private final long end;
    private final List<Long> calls = new ArrayList<>();
    private final PriorityQueue<Turn> turns = new PriorityQueue<>(Comparator.comparing(Turn::at));
    private long now;
    private long haltedFrom;
    private long haltedUntil;

    private HaltedProcess(Random random, double perSecond, double share, long begin, long end) {
        this.random = random;
        this.now = begin;
        this.end = end;
        this.haltedUntil = begin;
        this.permits = new Permits(perSecond, Permits.MADE_UP_FOR, () -> now);
        permits.addShare(share);
        nextHalt();
    }

    /** When so many who wait for permits at a time used theirs, of such a share of the rate. */
    static List<Long> calls(Random random, double perSecond, int waiting, double share, long begin, long end)
            throws InterruptedException {
        HaltedProcess process = new HaltedProcess(random, perSecond, share, begin, end);
        List<Thread> threads = new ArrayList<>();
        for (int one = 0; one < waiting; one++) {
            Turn first = new Turn(begin, new Semaphore(0));
            process.turns.add(first);
            threads.add(new Thread(() -> process.work(first)));
        }
        threads.forEach(Thread::start);
        process.passOn();
        for (Thread thread : threads) {
            thread.join();
        }
        return process.calls;
    }

    private void work(Turn first) {
        first.mine().acquireUninterruptibly();
        while (now < end) {
            await(idle());
            acquire();
            if (now < end) {
                calls.add(now);
            }
        }
        passOn();
    }

    private void acquire() {
        try {
            permits.acquire(this::await);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts", e);
        }
    }

    private long idle() {
        return switch (random.nextInt(100)) {
            case 0 -> random.nextLong(3_000) * MILLI;
            case 1, 2, 3, 4, 5 -> random.nextLong(100) * MILLI;
            default -> 0;
        };
    }

    private void await(long nanos) {
        Turn turn = new Turn(outsideOfHalts(now + nanos + random.nextLong(2 * MILLI)), new Semaphore(0));
        turns.add(turn);
        passOn();
        turn.mine().acquireUninterruptibly();
    }

    /** Lets the task run whose turn is next. */
    private void passOn() {
        Turn next = turns.poll();
        if (next != null) {
            now = Math.max(now, next.at());
            next.mine().release();
        }
    }

    private long outsideOfHalts(long wake) {
        while (now > haltedUntil) {
            nextHalt();
        }
        return wake < haltedFrom ? wake : Math.max(wake, haltedUntil);
    }

    private void nextHalt() {
        haltedFrom = haltedUntil + random.nextLong(10_000) * MILLI;
        haltedUntil = haltedFrom + random.nextLong(random.nextBoolean() ? 400 : 5_000) * MILLI;
    }

    /** When a task goes on, and what it waits for until then. */
    private record Turn(long at, Semaphore mine) {}
}
