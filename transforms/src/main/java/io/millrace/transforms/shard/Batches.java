package io.millrace.transforms.shard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import org.joda.time.Instant;

/** What is written for the keys of a bundle, put together by shards: what is behind this costs for each batch, and not for each element. */
public final class Batches {
    /** How many bytes are together of a shard. */
    private static final int FULL_BYTES = 1 << 16;

    /** How many bytes are together of all. */
    private static final int ALL_BYTES = 1 << 24;

    private final byte[] head;
    private final Map<Integer, Batch> batches = new HashMap<>();
    private int bytes;

    /** Batches that each begin with these bytes. */
    public Batches(byte... head) {
        this.head = head.clone();
    }

    /** Writes an element behind those before it. */
    @FunctionalInterface
    public interface Writing {
        void to(OutputStream out) throws IOException;
    }

    /** Takes a batch, which has the time of its earliest element. */
    @FunctionalInterface
    public interface Leaving {
        void leave(int shard, byte[] batch, Instant earliest);
    }

    private static final class Batch {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private long earliest = Long.MAX_VALUE;

        void leave(int shard, Leaving leaving) {
            leaving.leave(shard, out.toByteArray(), Instant.ofEpochMilli(earliest));
        }
    }

    /** Adds an element of a shard; what is full leaves. */
    public void add(int shard, Instant time, Writing element, Leaving leaving) throws IOException {
        Batch batch = batches.get(shard);
        if (batch == null) {
            batch = new Batch();
            batch.out.write(head);
            batches.put(shard, batch);
        }
        int before = batch.out.size();
        element.to(batch.out);
        batch.earliest = Math.min(batch.earliest, time.getMillis());
        bytes += batch.out.size() - before;
        if (batch.out.size() >= FULL_BYTES) {
            batches.remove(shard);
            bytes -= batch.out.size();
            batch.leave(shard, leaving);
        } else if (bytes >= ALL_BYTES) {
            leaveAll(leaving);
        }
    }

    /** All leave. */
    public void leaveAll(Leaving leaving) {
        batches.forEach((shard, batch) -> batch.leave(shard, leaving));
        batches.clear();
        bytes = 0;
    }
}
