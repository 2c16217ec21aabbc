package io.millrace.testfixtures.flink;

import java.util.List;

/**
 * What a TaskManager has, in megabytes.
 *
 * @param taskHeap the heap of tasks; Flink itself has 128 beside it
 * @param managed what RocksDB has, off the heap
 * @param metaspace for classes: each job has its own
 * @param forLoad whether it is for a job that keeps and does much: then checkpoints have what is new alone, and code is compiled as in production
 */
public record Memory(int taskHeap, int managed, int metaspace, boolean forLoad) {
    private static final int FRAMEWORK_HEAP = 128;
    private static final int DIRECT = 160;
    private static final int OVERHEAD = 96;

    /** Enough for tests, whose jobs come and go, but keep little. */
    public static final Memory SMALL = new Memory(384, 160, 640, false);

    /** Two gigabytes in all, for a job that keeps and does much. */
    public static final Memory TWO_GIGABYTES =
            new Memory(512, 2048 - FRAMEWORK_HEAP - 512 - DIRECT - 256 - OVERHEAD, 256, true);

    List<String> ofJvm() {
        return List.of(
                "-XX:TieredStopAtLevel=" + (forLoad ? 4 : 1),
                "-Xmx" + (FRAMEWORK_HEAP + taskHeap) + "m",
                "-XX:MaxDirectMemorySize=" + DIRECT + "m",
                "-XX:MaxMetaspaceSize=" + metaspace + "m");
    }

    /** The lines of Flink's configuration. */
    List<String> settings() {
        return List.of(
                "taskmanager.memory.framework.heap.size: " + FRAMEWORK_HEAP + "m",
                "taskmanager.memory.task.heap.size: " + taskHeap + "m",
                "taskmanager.memory.framework.off-heap.size: 64m",
                "taskmanager.memory.task.off-heap.size: 32m",
                "taskmanager.memory.network.min: 64m",
                "taskmanager.memory.network.max: 64m",
                "taskmanager.memory.managed.size: " + managed + "m",
                "taskmanager.memory.jvm-metaspace.size: " + metaspace + "m",
                "taskmanager.memory.jvm-overhead.min: " + OVERHEAD + "m",
                "taskmanager.memory.jvm-overhead.max: " + OVERHEAD + "m",
                "state.backend.incremental: " + forLoad,
                "state.backend.rocksdb.use-bloom-filter: true");
    }
}
