package io.millrace.benchmarks.join;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
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
