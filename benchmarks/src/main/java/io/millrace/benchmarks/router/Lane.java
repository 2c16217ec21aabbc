package io.millrace.benchmarks.router;

import java.util.List;

/**
 * One thing that is measured in every round.
 *
 * @param name in tables and figures
 * @param contender who works
 * @param workload on what
 * @param parallelism with how many tasks
 * @param heap the maximum heap of the process
 */
record Lane(String name, Contender contender, Workload workload, int parallelism, String heap) {
    /** What a TaskManager of 512 MB task heap has: Flink itself takes 128 MB beside it. */
    static final String HEAP_OF_512_MB = "640m";

    static Lane of(Contender contender, Workload workload, int parallelism) {
        return new Lane(name(contender, parallelism), contender, workload, parallelism, HEAP_OF_512_MB);
    }

    static String name(Contender contender, int parallelism) {
        return contender.text() + " p" + parallelism;
    }

    Lane named(String name) {
        return new Lane(name, contender, workload, parallelism, heap);
    }

    Lane withHeap(String heap) {
        return new Lane(name, contender, workload, parallelism, heap);
    }

    List<String> jvmOptions() {
        return List.of("-Xmx" + heap);
    }
}
