package io.millrace.benchmarks.race;

import java.util.List;

/**
 * One thing that is measured in every round.
 *
 * @param name in tables and figures
 * @param work what is done
 * @param arguments of the work, after its {@link Assignment}
 * @param workload on what
 * @param counted by what its progress is told
 * @param heap the maximum heap of the process
 */
public record Lane(
        String name,
        Class<? extends Work> work,
        List<String> arguments,
        Workload workload,
        Counted counted,
        String heap) {
    /** What a TaskManager of 512 MB task heap has: Flink itself takes 128 MB beside it. */
    public static final String HEAP_OF_512_MB = "640m";

    /** By what the progress of a lane is told. */
    public enum Counted {
        /** The results that are in its output. */
        RESULTS,
        /** The events that its Kafka clients have read: of work without results in Kafka. */
        EVENTS_READ
    }

    /** A lane with the heap of a TaskManager, whose results are counted. */
    public static Lane of(String name, Class<? extends Work> work, List<String> arguments, Workload workload) {
        return new Lane(name, work, List.copyOf(arguments), workload, Counted.RESULTS, HEAP_OF_512_MB);
    }

    /** The same under another name. */
    public Lane named(String name) {
        return new Lane(name, work, arguments, workload, counted, heap);
    }

    /** The same with another heap. */
    public Lane withHeap(String heap) {
        return new Lane(name, work, arguments, workload, counted, heap);
    }

    /** The same, whose events read are counted, since it has no output. */
    public Lane withoutOutput() {
        return new Lane(name, work, arguments, workload, Counted.EVENTS_READ, heap);
    }

    List<String> jvmOptions() {
        return List.of("-Xmx" + heap);
    }
}
