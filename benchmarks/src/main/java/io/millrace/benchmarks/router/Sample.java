package io.millrace.benchmarks.router;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What a process has used up to a moment.
 *
 * @param cpuNanos processor time of all its threads, by the operating system's accounts: compilers and collectors included
 * @param allocatedBytes on the heap, by the threads that live
 * @param compiledMillis the time that its compilers were at work
 */
record Sample(long cpuNanos, long allocatedBytes, long compiledMillis) {
    private static final String PREFIX = "sample ";

    static Sample ofThisProcess() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
        long compiled = ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
        return new Sample(system.getProcessCpuTime(), allocated, compiled);
    }

    String text() {
        return PREFIX + cpuNanos + " " + allocatedBytes + " " + compiledMillis;
    }

    /** Reads what {@link #text()} gives; empty for any other line. */
    static Optional<Sample> parse(String line) {
        if (!line.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String[] parts = line.substring(PREFIX.length()).split(" ", -1);
        return Optional.of(new Sample(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2])));
    }
}
