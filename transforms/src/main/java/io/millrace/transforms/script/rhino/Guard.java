package io.millrace.transforms.script.rhino;

import com.google.common.hash.Hashing;
import io.millrace.transforms.script.ScriptLimits;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a script has used up of its limits for one event. {@link Weaver} has every class of the engine and of a script report here:
 * each backward jump and each call of a function is a tick, and what allocates says how much before it does.
 *
 * <p>Looking at clocks and counters is expensive, so ticks are counted, and a look is taken when some have gone by.
 *
 * <p>Public, because woven classes have a loader and so a package of their own.
 */
public final class Guard {
    /** Long enough that most events are done before the first look. */
    private static final int TICKS_TO_FIRST_LOOK = 1_024;

    private static final int TICKS_BETWEEN_LOOKS = 128;
    /** What weighs less is left to the ticks. */
    private static final int LIGHT = 256;
    /** What weighs more is looked at before it is allocated. */
    private static final int HEAVY = 1 << 18;

    private static final int WEIGHT_OF_A_TICK = 64;

    /** What an event may have, and a little more. */
    private static final int MAX_NESTING = 600;
    /** So deep no stack is that is worth a look. */
    private static final int SHALLOW = 64;
    /** How many calls must fit behind a function's. */
    private static final int ROOM = 1_000;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final com.sun.management.@Nullable ThreadMXBean ALLOCATIONS = allocations();

    private static final LongSupplier NO_CLOCK = () -> 0;
    private static final Supplier<String> NO_IDENTITY = () -> "";

    /** In an array, so that a thread keeps nothing of this class's loader between its runs. */
    private static final ThreadLocal<Object[]> CURRENT = ThreadLocal.withInitial(() -> new Object[1]);

    private int ticksLeft;
    private int depth;
    private int nesting;
    private long room;
    private int depthLimit;
    private long timeLimit;
    private long memoryLimit;
    private long startNanos;
    private long startProcessorNanos;
    private long startAllocated;
    private boolean looked;
    private @Nullable LimitError limit;

    private LongSupplier clock = NO_CLOCK;
    private Supplier<String> identity = NO_IDENTITY;
    private boolean seeded;
    private long random;

    private static com.sun.management.@Nullable ThreadMXBean allocations() {
        return THREADS instanceof com.sun.management.ThreadMXBean threads
                        && threads.isThreadAllocatedMemorySupported()
                        && threads.isThreadAllocatedMemoryEnabled()
                ? threads
                : null;
    }

    /**
     * Begins a run on this thread.
     *
     * @param clock what the script is told when it asks for the time
     * @param identity what its random numbers are derived from
     */
    public void begin(ScriptLimits limits, LongSupplier clock, Supplier<String> identity) {
        ticksLeft = TICKS_TO_FIRST_LOOK;
        depth = 0;
        nesting = 0;
        depthLimit = limits.depth();
        timeLimit = limits.time().toNanos();
        memoryLimit = limits.memoryBytes();
        looked = false;
        limit = null;
        this.clock = clock;
        this.identity = identity;
        seeded = false;
        startNanos = System.nanoTime();
        CURRENT.get()[0] = this;
    }

    /** Ends the run. */
    public void end() {
        CURRENT.get()[0] = null;
        clock = NO_CLOCK;
        identity = NO_IDENTITY;
    }

    /** The limit that the run has met, or null. */
    public @Nullable LimitError limit() {
        return limit;
    }

    private static @Nullable Guard current() {
        return (Guard) CURRENT.get()[0];
    }

    /** Woven in before each jump backwards. */
    public static void tick() {
        Guard guard = current();
        if (guard != null && --guard.ticksLeft < 0) {
            guard.look(0);
        }
    }

    /** Woven in where a function of the script begins. */
    public static void enter() {
        Guard guard = current();
        if (guard == null) {
            return;
        }
        if (++guard.depth > guard.depthLimit) {
            throw guard.reach("its calls are nested more than " + guard.depthLimit + " deep");
        }
        if (guard.depth + guard.nesting > SHALLOW) {
            guard.proveRoom();
        }
        if (--guard.ticksLeft < 0) {
            guard.look(0);
        }
    }

    /**
     * Overflows the stack here, where it does no harm, if a function would have little room in it: an overflow while the platform
     * initialises a class breaks the class for the whole machine.
     */
    private void proveRoom() {
        try {
            room = fill(ROOM, depth, nesting, ticksLeft);
        } catch (StackOverflowError e) {
            throw reach("its calls are nested too deep");
        }
    }

    private static long fill(int levels, long a, long b, long c) {
        return levels == 0 ? a ^ b ^ c : fill(levels - 1, b + levels, c ^ a, a + b) + (a ^ c);
    }

    /** Woven in where a function of the script ends, in whatever way. */
    public static void leave() {
        Guard guard = current();
        if (guard != null) {
            guard.depth--;
        }
    }

    /** Woven in where the engine calls itself over what is nested. */
    public static void nest() {
        Guard guard = current();
        if (guard == null) {
            return;
        }
        if (++guard.nesting > MAX_NESTING) {
            throw guard.reach("it nests more than " + MAX_NESTING + " deep");
        }
        if (guard.nesting > SHALLOW) {
            guard.proveRoom();
        }
        if (--guard.ticksLeft < 0) {
            guard.look(0);
        }
    }

    /** Woven in where the engine comes back from that. */
    public static void unnest() {
        Guard guard = current();
        if (guard != null) {
            guard.nesting--;
        }
    }

    /** Woven in before an array is made: its length, which is answered, and how many bytes an element has. */
    public static int size(int length, int width) {
        if (length > LIGHT) {
            weigh((long) length * width);
        }
        return length;
    }

    /** Tells of work in one step that grows with what it is done on, and may allocate as many bytes. */
    public static void weigh(long bytes) {
        Guard guard = current();
        if (guard == null || bytes <= LIGHT) {
            return;
        }
        if (bytes > HEAVY) {
            guard.look(bytes);
            return;
        }
        guard.ticksLeft -= (int) (bytes / WEIGHT_OF_A_TICK);
        if (guard.ticksLeft < 0) {
            guard.look(0);
        }
    }

    private void look(long bytes) {
        if (limit != null) {
            ticksLeft = 0;
            throw limit;
        }
        if (!looked) {
            looked = true;
            startProcessorNanos = processorNanos();
            startAllocated = allocated();
        }
        if (System.nanoTime() - startNanos > timeLimit && processorNanos() - startProcessorNanos > timeLimit) {
            throw reach("it took more than " + timeLimit / 1_000_000 + " ms");
        }
        if (allocated() - startAllocated + bytes > memoryLimit) {
            throw reach("it used more than " + memoryLimit + " bytes of memory");
        }
        ticksLeft = TICKS_BETWEEN_LOOKS;
    }

    /** Ends the run with a limit that it met: from now on every tick throws. */
    public LimitError reach(String what) {
        if (limit == null) {
            limit = new LimitError(what);
        }
        ticksLeft = 0;
        return limit;
    }

    private long processorNanos() {
        return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }

    private static long allocated() {
        return ALLOCATIONS == null
                ? 0
                : ALLOCATIONS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** In place of the machine's clock. */
    public static long now() {
        Guard guard = current();
        return guard == null ? 0 : guard.clock.getAsLong();
    }

    /** In place of the machine's random numbers: the same ones in each run of an event. SplitMix64 (Steele, Lea, Flood 2014). */
    public static double random() {
        Guard guard = current();
        return guard == null ? 0 : guard.nextRandom();
    }

    private double nextRandom() {
        if (!seeded) {
            random = Hashing.farmHashFingerprint64()
                    .hashString(identity.get(), StandardCharsets.UTF_8)
                    .asLong();
            seeded = true;
        }
        random += 0x9e3779b97f4a7c15L;
        long mixed = (random ^ random >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return ((mixed ^ mixed >>> 31) >>> 11) * 0x1.0p-53;
    }
}
