package io.millrace.benchmarks.join;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.contrib.streaming.state.RocksDBConfigurableOptions;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;

/** Where state is kept. */
enum Backend {
    HEAP("filesystem"),
    ROCKSDB("rocksdb");

    /** Beam's name of it. */
    private final String text;

    Backend(String text) {
        this.text = text;
    }

    List<String> beamOptions() {
        return List.of("--parallelism=1", "--stateBackend=" + text, "--stateBackendStoragePath=" + checkpoints());
    }

    /** What a job by hand has of memory: as much as one in this process by Millrace. */
    static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
        configuration.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true);
        return configuration;
    }

    StateBackend ofFlink() {
        return this == HEAP ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend(true);
    }

    /** A folder for checkpoints of its own. */
    static String checkpoints() {
        try {
            return Files.createTempDirectory("checkpoints").toUri().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
