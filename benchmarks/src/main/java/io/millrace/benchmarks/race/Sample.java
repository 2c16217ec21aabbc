package io.millrace.benchmarks.race;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.stream.LongStream;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * What a process has used and done up to a moment.
 *
 * @param cpuNanos processor time of all its threads, by the operating system's accounts: compilers and collectors included
 * @param allocatedBytes on the heap, by the threads that live
 * @param compiledMillis the time that its compilers were at work
 * @param eventsRead what its Kafka consumers that live have given out, by their own metrics
 */
public record Sample(long cpuNanos, long allocatedBytes, long compiledMillis, long eventsRead) {
    private static final String PREFIX = "sample ";
    private static final ObjectName CONSUMERS = name("kafka.consumer:type=consumer-fetch-manager-metrics,client-id=*");

    static Sample ofThisProcess() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
        long compiled = ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
        return new Sample(system.getProcessCpuTime(), allocated, compiled, eventsReadByThisProcess());
    }

    private static long eventsReadByThisProcess() {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        return beans.queryNames(CONSUMERS, null).stream()
                .mapToLong(consumer -> eventsRead(beans, consumer))
                .sum();
    }

    private static long eventsRead(MBeanServer beans, ObjectName consumer) {
        try {
            return ((Number) beans.getAttribute(consumer, "records-consumed-total")).longValue();
        } catch (JMException e) {
            return 0; // it was closed meanwhile, or has not read yet
        }
    }

    private static ObjectName name(String text) {
        try {
            return new ObjectName(text);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(e);
        }
    }

    String text() {
        return PREFIX + cpuNanos + " " + allocatedBytes + " " + compiledMillis + " " + eventsRead;
    }

    /** Reads what {@link #text()} gives; empty for any other line. */
    static Optional<Sample> parse(String line) {
        if (!line.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String[] parts = line.substring(PREFIX.length()).split(" ", -1);
        return Optional.of(new Sample(
                Long.parseLong(parts[0]),
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                Long.parseLong(parts[3])));
    }
}
